/** The builds of the CPU's compute kernels. @module */
import { inflateSync } from "fflate";
import { kernels_relaxed } from "./kernels_relaxed.ts";
import { kernels_simd } from "./kernels_simd.ts";

/** A build of the compute kernels: with fused multiply-add, or for platforms without relaxed SIMD. */
export type KernelBuild = "relaxed" | "simd";

/** Gives the build for this platform. */
export function chooseKernelBuild(): KernelBuild {
  return WebAssembly.validate(RELAXED_PROBE) ? "relaxed" : "simd";
}

/** Compiles a build. */
export function compileKernels(build: KernelBuild): WebAssembly.Module {
  const text = build === "relaxed" ? kernels_relaxed : kernels_simd;
  return new WebAssembly.Module(inflateSync(Uint8Array.from(atob(text), (c) => c.charCodeAt(0))));
}

/** A module with one function: f32x4.relaxed_madd of three constants. */
const RELAXED_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0], // magic, version
  ...[1, 5, 1, 96, 0, 1, 123], // type: () -> v128
  ...[3, 2, 1, 0], // one function of that type
  ...[10, 19, 1, 17, 0, 65, 0, 253, 17, 65, 0, 253, 17, 65, 0, 253, 17, 253, 133, 2, 11], // its body
);
