/** What Carry uses of `@std/cli`, for machines that reach only the npm registry. @module */
export * from "./parse_args.ts";
