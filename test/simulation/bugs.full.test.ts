import { expect, test } from 'vitest'
import { bugs } from './bugs.ts'
import { playSeeds } from './tally.ts'

/** Which promises a bug may be seen to break: any of them is a find. */
const breaks: Readonly<Record<string, readonly string[]>> = {
  'no-claim-before-patch': ['S1'],
  'floor-ignored': ['S1'],
  // A job that runs unrecorded is over its cap as well, which may be seen first.
  'start-before-record': ['S2', 'S7'],
  'cleared-after-listing': ['L1'],
  'marked-before-commit': ['S3'],
  'slot-freed-by-time': ['S7'],
  'youngest-first': ['L2'],
  'deleted-before-next': ['L1'],
  'token-ignored': ['poll token'],
  'quoted-etag': ['S3'],
  'sas-stored': ['S4'],
  'rollback-without-floor': ['S1'],
  'old-days-never-seen': ['L1'],
  'joined-sets-forgotten': ['K1'],
  'live-model-outlived': ['K1'],
}

test.each(Object.keys(bugs))(
  'planted bug %s is found within 2,000 seeds',
  { timeout: 600_000 },
  async (bug) => {
    const { violations } = await playSeeds({ from: 1, before: 2_001, by: 1 }, { bug, mostViolations: 1 })
    expect(breaks[bug]).toContain(violations[0]?.promise)
  },
)
