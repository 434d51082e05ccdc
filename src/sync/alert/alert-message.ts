import type { AlertChannel, AlertRecord } from '../../registry/schema/alert-memory.ts'
import type { RegistryName } from '../../registry/schema/names.ts'

/** What is told, as JSON. */
export interface AlertMessage extends Omit<AlertRecord, 'told'> {
  /** Null when it is about a sync as a whole. */
  readonly registry: RegistryName | null
  /** Registry home, absolute. */
  readonly home: string
}

/** Tells somebody; answers why it did not arrive, a sentence that gives no secret away, or null when it did. */
export type TellSomebody = (message: AlertMessage) => Promise<string | null>

/** A way in which somebody wants to be told. */
export interface Listener {
  readonly channel: AlertChannel
  readonly tell: TellSomebody
}
