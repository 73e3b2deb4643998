/** File systems that cannot sync a directory. @module */
import type { FileSystem } from "./file_system.ts";
import { systemErrorCode } from "./system_error.ts";

/** How a file system says that it has no such call. A call that it has and that fails is another error, such as EIO. */
const NOT_OFFERED: readonly (string | undefined)[] = ["EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

/**
 * Gives a file system that goes on where a directory cannot be synced, as on some network and FUSE file systems.
 *
 * @param onWarning called the first time, with the consequence in words for people
 */
export function allowUnsyncedDirectories(
  fileSystem: FileSystem,
  onWarning: (message: string) => void,
): FileSystem {
  let warned = false;
  return {
    ...fileSystem,
    async syncDirectory(path): Promise<void> {
      try {
        await fileSystem.syncDirectory(path);
      } catch (error) {
        const code = systemErrorCode(error);
        if (!NOT_OFFERED.includes(code)) throw error;
        if (warned) return;
        warned = true;
        onWarning(
          `The file system of "${path}" cannot sync a directory (${code}). Saving goes on. A power loss may undo the last save`,
        );
      }
    },
  };
}
