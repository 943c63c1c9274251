/** The words of a text, for lists that read better as prose. */
export const words = (text: string): string[] => text.trim().split(/\s+/)
