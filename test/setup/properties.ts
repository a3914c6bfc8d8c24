import fc from 'fast-check'

const { PROPERTY_SEED = '20261121', PROPERTY_RUNS = '100' } = process.env

fc.configureGlobal({ seed: Number(PROPERTY_SEED), numRuns: Number(PROPERTY_RUNS) })

/**
 * fast-check with the same examples at every run, so that a property holds on every machine or on none; a failure prints the
 * seed. To look further: `PROPERTY_SEED=2 PROPERTY_RUNS=10000 npm test`.
 */
export { fc }
