/** The version of the compute kernels' arithmetic. @module */

/**
 * Version of the arithmetic of all compute kernels. Raise it when a change of the kernels, or of the order in which they add, changes
 * a result by rounding: a training that continues on another version says so. A test holds the bits of this one.
 */
export const KERNELS_VERSION = 2;
