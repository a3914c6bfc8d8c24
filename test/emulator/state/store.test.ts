import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openChangeLog } from '../../../emulator/state/changeLog.ts'
import { openStore } from '../../../emulator/state/store.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'store-'))
})
afterEach(() => rm(folder, { recursive: true }))

const workspace = (id: string, token = 't') => ({ id, name: 'W', token })

test('what was put is found in any case, also after opening again; what was removed is gone', async () => {
  const store = await openStore(folder)
  await store.put('workspace', workspace('AB'))
  await store.put('workspace', workspace('CD'))
  await store.remove('workspace', 'CD')
  await store.close()
  const again = await openStore(folder)
  expect(again.workspace('ab')).toEqual(workspace('AB'))
  expect([...again.workspaces()]).toHaveLength(1)
  await again.close()
})

test('a log of many changes of few records is compacted', async () => {
  const store = await openStore(folder)
  await Promise.all(
    Array.from({ length: 21_000 }, (_, at) => store.put('workspace', workspace('a', String(at)))),
  )
  await store.close()
  expect((await stat(join(folder, 'state.log'))).size).toBeLessThan(200_000)
  const again = await openStore(folder)
  expect(again.workspace('a')?.token).toBe('20999')
  await again.close()
})

test('changes appended while the log is compacted are in the new file, and once', async () => {
  const file = join(folder, 'log')
  const log = await openChangeLog(file, () => {})
  const change = (id: string) => ({ remove: 'x', id })
  const done = [log.append(change('before')), log.compact([change('kept')]), log.append(change('after'))]
  await Promise.all(done)
  await log.close()
  const ids = (await readFile(file, 'utf8'))
    .split('\n')
    .flatMap((line) => (line === '' ? [] : JSON.parse(line.slice(9)).id))
  expect(ids).toEqual(['kept', 'after'])
})

test('a damaged log is refused with its path and place', async () => {
  const store = await openStore(folder)
  await store.put('workspace', workspace('a'))
  await store.put('workspace', workspace('b'))
  await store.close()
  const file = join(folder, 'state.log')
  await writeFile(file, (await readFile(file, 'utf8')).replace('"a"', '"x"'))
  await expect(openStore(folder)).rejects.toThrow(`Cannot open state ${file}: a line is damaged at byte 0`)
})
