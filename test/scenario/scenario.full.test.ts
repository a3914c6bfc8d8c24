import { afterAll, beforeAll, test } from 'vitest'
import { playScenario } from './playScenario.ts'
import { type ScenarioStack, startScenarioStack } from './scenarioStack.ts'

let stack: ScenarioStack
beforeAll(async () => {
  stack = await startScenarioStack()
})
afterAll(() => stack?.stop())

test('a fleet of 200 from an empty stack: applied, live, rejected, waiting, rolled back, redriven', async () => {
  await playScenario(stack, 200)
}, 1_800_000)
