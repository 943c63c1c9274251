/** Version of the interface between Life-OS and plugins; a manifest's `sdk` is a range over it. */
export const SDK_VERSION = '1.0.0'
