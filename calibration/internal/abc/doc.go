// Package abc finds the parameters of a simulator from what was observed,
// without a likelihood: approximate Bayesian computation on plain numbers. It
// knows nothing of beds or people.
//
// From a prior to a posterior there are five steps:
//
//  1. A [Parameter] says what is believed of one number beforehand: a law with
//     bounds, or whole numbers from one to another, each as likely.
//  2. [Method.Run] first plays the simulator once at each point of a screen
//     that fills the prior. A quadratic ridge regression of the parameters on
//     the figures then gives one summary a parameter, its expectation given the
//     figures (Fearnhead and Prangle 2012); points whose expected summaries lie
//     more than three of their errors from the observed ones are implausible
//     and dropped.
//  3. Generations of particles follow, each nearer to what was observed:
//     population Monte Carlo (Beaumont, Cornuet, Marin and Robert 2009) with the
//     tolerance (Del Moral, Doucet and Jasra 2012) and the kernel taken from the
//     generation before. One particle is one play of the simulator, with luck of
//     its own.
//  4. It stops when too few proposals are accepted, or when the posterior no
//     longer changes.
//  5. Local-linear regression takes away what the last tolerance leaves
//     (Beaumont, Zhang and Balding 2002), on a log or logit scale so that bounds
//     hold. Whole numbers are not adjusted.
//
// Proposal n of generation g has an address of its own, as every draw has, and
// outcomes are taken in order: any number of workers gives the same posterior.
package abc
