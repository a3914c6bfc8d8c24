/**
 * Area under the ROC curve: the chance that a positive row's probability is greater than a negative row's, a tie
 * counting half. NaN where one of the classes is absent.
 */
export function areaUnderCurve(probabilities: Float64Array, target: Uint8Array): number {
  const order = Uint32Array.from(probabilities.keys()).sort(
    (a, b) => (probabilities[a] as number) - (probabilities[b] as number),
  )
  let rankSum = 0
  let positives = 0
  for (let from = 0; from < order.length; ) {
    let to = from + 1
    const value = probabilities[order[from] as number]
    while (to < order.length && probabilities[order[to] as number] === value) to++
    let tied = 0
    for (let i = from; i < to; i++) tied += target[order[i] as number] as number
    rankSum += tied * ((from + 1 + to) / 2)
    positives += tied
    from = to
  }
  const negatives = order.length - positives
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives)
}
