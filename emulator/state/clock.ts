/** The emulator's clock: real time plus what an admin moved it forward. Only jobs and PATCH delays go by it, not SAS. */
export type Clock = {
  nowMs(): number
  /** Runs `action` once when the clock shows `atMs`. Answers how to call it off. */
  at(atMs: number, action: () => void): () => void
  forward(milliseconds: number): void
  close(): void
}

type Appointment = { atMs: number; action: () => void; timer: NodeJS.Timeout | undefined }

/** The longest delay that a Node timer takes. */
const maxDelayMs = 2_147_483_647

/** A clock over `realNowMs` (epoch milliseconds). */
export function createClock(realNowMs: () => number): Clock {
  let aheadMs = 0
  const appointments = new Set<Appointment>()
  const nowMs = () => realNowMs() + aheadMs

  function arm(appointment: Appointment): void {
    clearTimeout(appointment.timer)
    const delayMs = Math.min(Math.max(0, appointment.atMs - nowMs()), maxDelayMs)
    appointment.timer = setTimeout(() => {
      if (appointment.atMs > nowMs()) return arm(appointment)
      appointments.delete(appointment)
      appointment.action()
    }, delayMs).unref()
  }
  function cancel(appointment: Appointment): void {
    clearTimeout(appointment.timer)
    appointments.delete(appointment)
  }
  return {
    nowMs,
    at(atMs, action) {
      const appointment: Appointment = { atMs, action, timer: undefined }
      appointments.add(appointment)
      arm(appointment)
      return () => cancel(appointment)
    },
    forward(milliseconds) {
      aheadMs += milliseconds
      for (const appointment of appointments) arm(appointment)
    },
    close() {
      for (const appointment of [...appointments]) cancel(appointment)
    },
  }
}
