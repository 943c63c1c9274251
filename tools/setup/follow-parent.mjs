// Preloaded into the server that `npm start` starts: when whoever started it is gone, even by kill -9, it stops as by Ctrl-C.
// Otherwise it would live on unseen, hold the port and own the data folder.
import { whenOrphaned } from './orphan.mjs'

whenOrphaned(() => process.kill(process.pid, 'SIGTERM'))
