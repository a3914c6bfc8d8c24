import type { Stores } from '../../shared/adapters/appPorts.ts'
import { createDropTable } from '../../shared/adapters/dropTable.ts'
import { createRunTable } from '../../shared/adapters/runTable.ts'

/** What the burst reads of the app's rows. */
export function createAppStoragePorts({ tables }: Stores) {
  return { ...createRunTable(tables.models), ...createDropTable(tables.models) }
}
