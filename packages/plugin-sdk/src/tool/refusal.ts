/** Whether a host's error code means “not allowed”, as against missing, broken or too large. */
export const isRefusal = (code: string): boolean =>
  /-not-allowed$|^permission-|^gate-refused$|^path-reserved$|^secret-elsewhere$/.test(code)
