/**
 * Coefficients in memory, each in all four lanes. V8 builds a vector constant from integers at every use, in four instructions; a load takes
 * one. Measured: sigmoid takes 1.45 ns per value with constants, 0.76 ns with loads. Every instance writes the same values to the same place when it is made.
 */

/** Address of the coefficients: between the control block of the threads and the heap (engine.ts). */
const CONSTANTS_AT: usize = 24064;

@inline
export function constant(index: i32): v128 {
  return v128.load(CONSTANTS_AT + (<usize>index << 4));
}

@inline
function write(index: i32, value: f32): void {
  v128.store(CONSTANTS_AT + (<usize>index << 4), f32x4.splat(value));
}

export function writeConstants(args: usize, task: i32, self: i32): void {
  write(0, 88.3);
  write(1, -87.3);
  write(2, 12582912);
  write(3, 1.44269504088896341);
  write(4, -0.693359375);
  write(5, 2.12194440e-4);
  write(6, 1.9875691500e-4);
  write(7, 1.3981999507e-3);
  write(8, 8.3334519073e-3);
  write(9, 4.1665795894e-2);
  write(10, 1.6666665459e-1);
  write(11, 5.0000001201e-1);
  write(12, 1);
  write(13, 7.90531110763549805);
  write(14, -7.90531110763549805);
  write(15, -2.76076847742355e-16);
  write(16, 2.00018790482477e-13);
  write(17, -8.60467152213735e-11);
  write(18, 5.12229709037114e-08);
  write(19, 1.48572235717979e-05);
  write(20, 6.37261928875436e-04);
  write(21, 4.89352455891786e-03);
  write(22, 1.19825839466702e-06);
  write(23, 1.18534705686654e-04);
  write(24, 2.26843463243900e-03);
  write(25, 4.89352518554385e-03);
}
