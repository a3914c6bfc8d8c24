import { test } from 'vitest'
import { expectCrashesHarmless } from './crashPlay.ts'

test.each(['before', 'after'] as const)('a crash %s any effect loses nothing and doubles nothing', (when) =>
  expectCrashesHarmless(when, 1),
)
