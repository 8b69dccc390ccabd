/** Bytes in words of one unit. */
export const GIB: number = 2 ** 30

export const gib = (bytes: number): string => (bytes / GIB).toFixed(1)
export const mb = (bytes: number): string => (bytes / 1e6).toFixed(2)
export const kb = (bytes: number): string => (bytes / 1e3).toFixed(1)
