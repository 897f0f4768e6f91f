// Package cluster has one run played by many machines, through NATS JetStream. It is the only room that knows NATS.
//
//  1. A run is a [Job]: the command that makes it, the files it reads, and into how many shards it is cut. It is
//     known by the hash of what it is, so that whoever asks for the same run twice asks for one.
//  2. [Server] is JetStream in this process; [Join] connects to one, wherever it is. Three streams hold the jobs,
//     the shards nobody has finished (a work queue), and what shards came to. Each subject takes one message and
//     no second, so a shard counts once however often it is played.
//  3. [Cluster.Work] is a worker: it takes a shard, says every few seconds that it is still at it, and sends in
//     what it came to, which depends on the job and the shard alone. Whoever falls silent loses the shard to another.
//  4. [Cluster.Collect] is who asked for the run: it puts the shards out, and takes in what they come to, in any order.
//
// Nothing here knows what a shard is made of: it is a folder of files that one machine writes and another reads.
package cluster
