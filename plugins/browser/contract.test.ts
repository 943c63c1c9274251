import { contractSuite } from '@life-os/plugin-sdk/testing'

contractSuite({ folder: import.meta.dirname })
