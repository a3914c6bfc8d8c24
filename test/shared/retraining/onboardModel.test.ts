import { describe, expect, test } from 'vitest'
import { createOnboarding, declare, fabrikam, order, predictive } from './onboardPlay.ts'

const name = declare().endpoint

describe('onboarding', () => {
  test('makes the endpoint, keeps its key by reference, and writes the settings', async () => {
    const { onboard, management, world } = await createOnboarding()
    expect(await onboard(declare({ probeRow: { age: '39' } }))).toEqual({
      kind: 'onboarded',
      outcome: 'added',
      endpoint: 'made',
    })
    const settings = await world.ports.readSettings(fabrikam)
    expect(settings).toMatchObject({
      predictiveService: 'census',
      trainingService: 'census training',
      endpoint: {
        url: `${predictive.managementUrl}/endpoints/${name}`,
        resourceName: predictive.resourceName,
      },
    })
    expect(settings?.endpoint.apiKey).toMatch(new RegExp(`^file:endpoint-${name}-[0-9a-f]{12}$`))
    expect(management.endpoints.get(name)?.template.description).toBe('census of fabrikam')
  })

  test('again changes nothing and makes no second endpoint', async () => {
    const { onboard, management } = await createOnboarding()
    await onboard()
    expect(await onboard()).toEqual({ kind: 'onboarded', outcome: 'unchanged', endpoint: 'found' })
    expect(management.endpoints.get(name)?.puts).toBe(1)
  })

  test('with other settings changes them and leaves the endpoint as it is', async () => {
    const { onboard, management } = await createOnboarding()
    await onboard()
    expect(await onboard(declare({ quietSeconds: 7 }))).toMatchObject({ outcome: 'changed' })
    expect(management.endpoints.get(name)?.puts).toBe(1)
  })

  test('waits for an endpoint that does not answer yet, and goes on with the same call', async () => {
    const { onboard, world } = await createOnboarding({ silentCalls: 1 })
    const declaration = declare({ probeRow: { age: '39' } })
    expect(await onboard(declaration)).toMatchObject({ kind: 'waiting' })
    expect(await world.ports.readSettings(fabrikam)).toBeUndefined()
    expect(await onboard(declaration)).toMatchObject({ outcome: 'added', endpoint: 'found' })
  })

  test('keeps a key that was changed at the service', async () => {
    const { onboard, management, world } = await createOnboarding()
    await onboard()
    const held = management.endpoints.get(name)
    if (held !== undefined) held.key = 'rotated'
    await onboard()
    const reference = (await world.ports.readSettings(fabrikam))?.endpoint.apiKey ?? ''
    expect(management.secrets.get(reference.replace('file:', ''))).toBe('rotated')
  })

  test('adopts an endpoint without touching it, and makes none where there is none', async () => {
    const { onboard, management, ports } = await createOnboarding()
    await expect(onboard(declare({ endpoint: 'old', adopt: true }))).rejects.toThrow(
      'Cannot adopt the endpoint old: census has none of this name',
    )
    await ports.createEndpoint(predictive, 'old', {})
    expect(await onboard(declare({ endpoint: 'old', adopt: true }))).toMatchObject({ endpoint: 'found' })
    expect(management.endpoints.get('old')?.puts).toBe(1)
  })

  test('says which resources there are when the name is wrong, and writes nothing', async () => {
    const { onboard, world } = await createOnboarding({
      resources: ['A [trained model]', 'B [trained model]'],
    })
    await expect(onboard()).rejects.toThrow(/has no resource "Census.*it has "A \[trained model\]", "B/)
    expect(await world.ports.readSettings(fabrikam)).toBeUndefined()
  })

  test('makes no endpoint when the default one shows that the resource name is wrong', async () => {
    const { onboard, management, ports } = await createOnboarding({ resources: ['A [trained model]'] })
    await ports.createEndpoint(predictive, 'default', {})
    await expect(onboard()).rejects.toThrow(/has no resource/)
    expect([...management.endpoints.keys()]).toEqual(['default'])
  })

  test('refuses the endpoint of another model', async () => {
    const { onboard } = await createOnboarding()
    await onboard(declare({ endpoint: 'shared' }))
    const contoso = { customerId: 'adatum', model: 'census' }
    await expect(onboard(declare({ endpoint: 'shared' }, contoso), contoso)).rejects.toThrow(
      'it is that of fabrikam/census',
    )
  })

  test('does not exchange the endpoint of a model', async () => {
    const { onboard } = await createOnboarding()
    await onboard()
    await expect(onboard(declare({ endpoint: 'another' }))).rejects.toThrow(/off-board it first/)
  })

  test('never takes the default endpoint', async () => {
    const { onboard, ports } = await createOnboarding()
    await ports.createEndpoint(predictive, 'default', {})
    await expect(onboard(declare({ endpoint: 'default', adopt: true }))).rejects.toThrow(/default endpoint/)
  })

  test('makes the staging endpoint of a holdout', async () => {
    const { onboard, management, world } = await createOnboarding()
    const holdout = {
      ...{ blob: 'holdout.csv', label: 'income', positive: '>50K', scored: 'Scored Probabilities' },
      ...{ measure: 'AUC' as const, margin: 0.01, staging: 'staging' },
    }
    await onboard(declare({ gate: { kind: 'limits', limits: [], holdout } }))
    expect([...management.endpoints.keys()].sort()).toEqual([name, 'staging'])
    const gate = (await world.ports.readSettings(fabrikam))?.gate
    expect(gate).toMatchObject({
      holdout: { staging: { url: `${predictive.managementUrl}/endpoints/staging` } },
    })
  })
})

describe('off-boarding', () => {
  test('deletes the endpoint, keeps the history, and its drops are unclaimed with the reason', async () => {
    const { onboard, offboard, management, world } = await createOnboarding()
    await onboard()
    expect(await offboard()).toEqual({ kind: 'offboarded', endpoint: 'deleted' })
    expect(management.deleted).toEqual([name])
    expect(await world.ports.readSettings(fabrikam)).toBeUndefined()
    expect((await world.ports.listModels(undefined)).items).not.toContainEqual(fabrikam)
    await world.containers.trainingData.putText('fabrikam/census/late.csv', 'age\n1\n')
    expect(await world.drop('fabrikam/census/late.csv')).toBe('unclaimed')
    const { drops } = await world.ports.readUnclaimed({ size: 10 })
    expect(drops[0]?.reason).toBe('fabrikam/census was off-boarded by ann: they left')
  })

  test('cancels a run in flight first', async () => {
    const { onboard, offboard, management, world } = await createOnboarding()
    await onboard(declare({ quietSeconds: 0 }))
    await world.containers.trainingData.putText('fabrikam/census/a.csv', 'age\n1\n')
    await world.drop('fabrikam/census/a.csv')
    await world.step()
    expect(await offboard()).toEqual({ kind: 'waiting', missing: 'the job of generation 1 is stopping' })
    expect(management.deleted).toEqual([])
    await world.play(120)
    expect(await offboard()).toMatchObject({ kind: 'offboarded' })
    const run = (await world.ports.readRun({ ...fabrikam, generation: 1 }))?.value
    expect(run).toMatchObject({ state: 'cancelled' })
  })

  test('can keep the endpoint, and the model can come back', async () => {
    const { onboard, offboard, management, world } = await createOnboarding()
    await onboard()
    expect(await offboard(fabrikam, { ...order, keepEndpoint: true })).toMatchObject({ endpoint: 'kept' })
    expect(await onboard()).toMatchObject({ outcome: 'added', endpoint: 'found' })
    expect(management.endpoints.has(name)).toBe(true)
    expect((await world.ports.readHead(fabrikam))?.value.paused).toBeUndefined()
  })

  test('of a model whose onboarding was broken off deletes the endpoint it made', async () => {
    const { onboard, offboard, management } = await createOnboarding({ silentCalls: 1 })
    await onboard(declare({ probeRow: { age: '39' } }))
    expect(await offboard()).toEqual({ kind: 'offboarded', endpoint: 'deleted' })
    expect(management.deleted).toEqual([name])
    expect(await offboard()).toEqual({ kind: 'unknown' })
  })

  test('of a model nobody knows is told', async () => {
    const { offboard } = await createOnboarding()
    expect(await offboard()).toEqual({ kind: 'unknown' })
  })
})
