import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from './start-error.ts'

/**
 * One secret per installation, made once, in PREMIA_DATA/secret (mode 0600). Database passwords of the roles and the keys
 * that engine and console share are derived from it by HMAC and stored nowhere. Several machines on one database share a
 * copy of this file; whoever loses it sets new passwords with ALTER ROLE (the README says how).
 */
export type Secret = string & { readonly __brand: 'Secret' }

export function loadSecret(dataDir: string): Secret {
  const file = join(dataDir, 'secret')
  if (!existsSync(file)) {
    const draft = `${file}.${process.pid}`
    try {
      writeFileSync(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 })
      renameSync(draft, file)
    } catch (error) {
      rmSync(draft, { force: true })
      throw error
    }
  }
  const text = readFileSync(file, 'utf8').trim()
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new StartError(`The file ${file} is damaged: it must hold 64 hexadecimal digits; restore it from a backup.`)
  }
  return text as Secret
}

/** A key for one purpose, such as `role:premia_engine` or `console-door`; 43 characters of base64url. */
export function deriveKey(secret: Secret, purpose: string): string {
  return createHmac('sha256', Buffer.from(secret, 'hex')).update(purpose).digest('base64url')
}

/** PostgreSQL's stored form of a password: sent instead of the password, so that no server log can ever hold it. */
export function scramVerifier(password: string): string {
  const iterations = 4096
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const clientKey = createHmac('sha256', salted).update('Client Key').digest()
  const storedKey = createHash('sha256').update(clientKey).digest('base64')
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}
