/** File systems that cannot sync a directory. @module */
import type { FileSystem } from "./file_system.ts";
import { systemErrorCode } from "./system_error.ts";

/** Errors of a file system that does not offer the call. A call that is offered and fails gives another error, such as EIO. */
const NOT_OFFERED: readonly (string | undefined)[] = ["EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

/**
 * Gives a file system that continues without an error if a directory cannot be synced, as on some network and FUSE file
 * systems.
 *
 * @param onWarning called the first time, with a message that says the consequence
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
          `The file system of "${path}" cannot sync a directory (${code}). Saving continues, but a power loss may undo the last save`,
        );
      }
    },
  };
}
