/** Signals that end the program unless it takes them. */
export type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'
