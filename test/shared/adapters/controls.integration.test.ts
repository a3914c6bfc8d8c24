import { randomUUID } from 'node:crypto'
import { beforeAll, expect, inject, test } from 'vitest'
import { createPauseTable } from '../../../shared/adapters/pauseTable.ts'
import { createScheduleTable } from '../../../shared/adapters/scheduleTable.ts'
import { createAzureTable } from '../../../shared/adapters/storage/azureTable.ts'

const table = createAzureTable(inject('storage'), `t${randomUUID().replaceAll('-', '')}`)
const schedules = createScheduleTable(table)
const pauses = createPauseTable(table)
beforeAll(() => table.create())

test('schedules that are due come in order of their time, others not at all', async () => {
  for (const [model, dueAtMs] of [
    ['late', 3_000],
    ['second', 2_000],
    ['first', 1_000],
  ] as const) {
    await schedules.addSchedule({ customerId: 'contoso', model, dueAtMs })
  }
  await schedules.addSchedule({ customerId: 'contoso', model: 'first', dueAtMs: 1_000 })
  const models = async (nowMs: number) =>
    (await schedules.listDueSchedules(nowMs, undefined)).items.map(({ model }) => model)
  expect(await models(2_000)).toEqual(['first', 'second'])
  await schedules.removeSchedule({ customerId: 'contoso', model: 'first', dueAtMs: 1_000 })
  await schedules.removeSchedule({ customerId: 'contoso', model: 'first', dueAtMs: 1_000 })
  expect(await models(Date.now())).toEqual(['second', 'late'])
})

test('pauses of a customer and of the fleet are read together, and each is removed by itself', async () => {
  const order = { by: 'ann', reason: 'a look first', atMs: 5 }
  await pauses.putPause({ ...order, customerId: 'contoso' })
  await pauses.putPause({ ...order, customerId: 'fabrikam' })
  await pauses.putPause(order)
  expect(await pauses.readPauses('contoso')).toEqual([{ ...order, customerId: 'contoso' }, order])
  expect(await pauses.listPauses()).toHaveLength(3)
  expect(await pauses.removePause(undefined)).toBe('removed')
  expect(await pauses.removePause(undefined)).toBe('absent')
  expect(await pauses.readPauses('contoso')).toEqual([{ ...order, customerId: 'contoso' }])
  expect(await pauses.readPauses('nobody')).toEqual([])
})
