// Package store keeps what a run has finished in a folder, so that it goes on after whatever ended it:
//
//  1. A [Manifest] says what the blocks belong to. With anything else they would mean nothing, and
//     [Manifest.Differs] names what is not the same.
//  2. A [Store] is a [sim.Keeper]: blocks go to a file beside their place, which is synced and moved there
//     every half a second or so, so that whatever is there is whole. A block found is read from where it lies;
//     memory holds only where. One process at a time writes to a folder.
//  3. Each block has its checksum, and so has what is said about it. What is damaged is said and played again.
//
// A block is addressed by model, draw and replications, and so the same in every run that has it: that is all
// it takes to go on, to extend a run, and to join parts of one that were played anywhere.
package store
