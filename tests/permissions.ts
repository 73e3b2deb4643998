/** Which permissions this test process has; a test that lacks one is ignored by name. @module */

async function isGranted(descriptor: Deno.PermissionDescriptor): Promise<boolean> {
  return (await Deno.permissions.query(descriptor)).state === "granted";
}

/** Files can be read and written anywhere. */
export const canUseFiles: boolean = await isGranted({ name: "read" }) &&
  await isGranted({ name: "write" });

/** Processes can be started. */
export const canRun: boolean = canUseFiles && await isGranted({ name: "run" }) &&
  await isGranted({ name: "env" });

/** This machine's own address can be listened on and connected to. */
export const canUseNetwork: boolean = await isGranted({ name: "net", host: "127.0.0.1" });
