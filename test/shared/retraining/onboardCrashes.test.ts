import { describe, expect, test } from 'vitest'
import { type CrashPlan, createCrashPlan } from '../../fakes/crash.ts'
import { createOnboarding, declare, fabrikam } from './onboardPlay.ts'

const name = declare().endpoint

/** Does it again after the crash, where that came here. */
async function untilDone(crash: CrashPlan, work: () => Promise<unknown>): Promise<void> {
  await work().catch(async () => {
    crash.revive()
    await work()
  })
}

describe.each(['before', 'after'] as const)('a crash %s any effect', (when) => {
  test('of onboarding: done again it completes, with one endpoint and its key kept', async () => {
    for (let at = 0; ; at++) {
      const crash = createCrashPlan(at, when)
      const { onboard, management, world } = await createOnboarding({}, crash)
      const declaration = declare({ probeRow: { age: '39' } })
      await untilDone(crash, () => onboard(declaration))
      if (crash.effects <= at) break
      expect([...management.endpoints.keys()]).toEqual([name])
      const settings = await world.ports.readSettings(fabrikam)
      const kept = management.secrets.get(settings?.endpoint.apiKey.replace('file:', '') ?? '')
      expect(kept, `crash ${when} effect ${at}`).toBe(management.endpoints.get(name)?.key)
      expect(management.secrets.size).toBe(1)
    }
  })

  test('of off-boarding: done again it completes', async () => {
    for (let at = 0; ; at++) {
      const crash = createCrashPlan(at, when)
      const { onboard, offboard, management, world } = await createOnboarding({}, crash)
      await untilDone(crash, () => onboard())
      await untilDone(crash, () => offboard())
      if (crash.effects <= at) break
      expect(management.deleted).toEqual([name])
      expect(await world.ports.readSettings(fabrikam)).toBeUndefined()
    }
  })
})
