/**
 * Loaded before each child's own code (node --import). When the supervisor is gone, however it went, the channel closes and
 * the child asks itself to drain as if told by SIGTERM; what has not ended soon after is ended, so that no port stays taken.
 */
const DRAIN_MS = 3_000

if (process.connected) {
  process.once('disconnect', () => {
    setTimeout(() => process.exit(1), DRAIN_MS).unref()
    process.kill(process.pid, 'SIGTERM')
  })
  // A child that has finished its work may end: the channel alone does not hold it.
  process.channel?.unref()
}

export {}
