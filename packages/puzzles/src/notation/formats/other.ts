/** Lines with which something else begins, in the midst of a file that was cut short. */

/** A URL, JSON, or the first line of a file of some program. */
const OTHER = /^(?:https?:\/\/|\{|\[\s*\{|pzprv\d|SAVEFILE:|<\?xml|<opensudoku|\[?begin\]?$|\[puzzle\]$)/i

export function opensOther(line: string): boolean {
  return OTHER.test(line)
}
