/** Keeps compiled code between runs, in the user's cache folder: V8's own cache, where Node (22.1 or newer) has it. */
import module from 'node:module'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/**
 * Node's own variables rule: `NODE_DISABLE_COMPILE_CACHE=1` turns it off, `NODE_COMPILE_CACHE=FOLDER` moves it. Where
 * the folder can't be written, Node does without; nothing here ends a command.
 */
export function keepCompiled() {
  try {
    if (process.env.NODE_COMPILE_CACHE !== undefined) return
    const { directory } = module.enableCompileCache?.(userCache()) ?? {}
    // For worker threads, which look there when they start.
    if (directory !== undefined) process.env.NODE_COMPILE_CACHE = userCache()
  } catch {
    // A user without a home, or a system that tells of none.
  }
}

/** Others can't write there, unlike in a folder for temporary files: what is in it is run. */
function userCache() {
  const { XDG_CACHE_HOME: xdg = '', LOCALAPPDATA: local = '' } = process.env
  if (process.platform === 'win32') return join(local || join(homedir(), 'AppData', 'Local'), 'ptrm', 'Cache')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'ptrm')
  return join(isAbsolute(xdg) ? xdg : join(homedir(), '.cache'), 'ptrm')
}
