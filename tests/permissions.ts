/** The permissions of this test process. A test that lacks one is ignored by name. @module */

async function isGranted(descriptor: Deno.PermissionDescriptor): Promise<boolean> {
  return (await Deno.permissions.query(descriptor)).state === "granted";
}

/** Whether files can be read and written anywhere. */
export const canUseFiles: boolean = await isGranted({ name: "read" }) &&
  await isGranted({ name: "write" });

/** Whether processes can be started. */
export const canRun: boolean = canUseFiles && await isGranted({ name: "run" }) &&
  await isGranted({ name: "env" });

/** Whether the loopback address can be listened on and connected to. */
export const canUseNetwork: boolean = await isGranted({ name: "net", host: "127.0.0.1" });
