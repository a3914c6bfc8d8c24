/** What damage hangs on in a file: `fast` aircraft, `slow` ones, or nothing. */
export type Pattern = 'fast' | 'slow' | 'nothing'

const rows = 120
const header = 'phase_of_flight,time_of_day,wildlife_size,wildlife_species,speed_knots,damage'
const phases = ['Approach', 'Climb', 'Landing Roll']

/** Training data of a bird-strikes model: `fast` and `slow` train models that score the other way round. Pure. */
export function trainingData(pattern: Pattern): string {
  const lines = Array.from({ length: rows }, (_none, at) => {
    // 37 and 120 have no common factor: every speed once, in an order that has nothing to do with the labels' one.
    const speed = 80 + ((at * 37) % rows)
    return `${phases[at % 3]},Day,Small,Gull,${speed},${isDamaged(pattern, speed, at) ? 'yes' : 'no'}`
  })
  return `${[header, ...lines].join('\n')}\n`
}

function isDamaged(pattern: Pattern, speed: number, at: number): boolean {
  switch (pattern) {
    case 'fast':
      return speed >= 140
    case 'slow':
      return speed < 140
    case 'nothing':
      return (at * at + at) % 7 < 3
  }
}

/** A row to score: a fast aircraft, that `fast` models call damaged and `slow` ones don't. */
export const fastRow = {
  ...{ phase_of_flight: 'Approach', time_of_day: 'Day', wildlife_size: 'Small' },
  ...{ wildlife_species: 'Gull', speed_knots: '195' },
}
