// Package explore plays many variants of one scenario on the same people, and says which is best, which
// no other beats, and how sure that is. It knows no terminal, files or clock.
//
// The flow:
//
//  1. [Vary] reads what is to be varied, `pathway.rehab.places.riverside.beds=0..12`, into a [Space]: a
//     full grid in a stable order, or a Sobol design over it.
//  2. [Options] makes an [Option] of each point: the scenario with some settings, compiled for the figures
//     that are wanted. Faults of all come out together, each once.
//  3. All options are played by a [sim.Player], which gives them the same people with the same luck.
package explore
