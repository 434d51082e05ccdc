/** Times that one process took for the same work, in milliseconds, in order. */
export type Times = readonly number[]

/** Does the work again and again, and prints how long each time took, for the benchmark to read. */
export async function printTimes(count: number, work: () => Promise<void>): Promise<void> {
  const times: number[] = []
  for (let index = 0; index < count; index++) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  console.log(JSON.stringify(times))
}
