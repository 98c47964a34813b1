// From PEM material to what secures connections, or a line that says why it will not do.

import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { isIP } from "node:net";
import { createSecureContext } from "node:tls";
import { ChannelCredentials } from "@grpc/grpc-js";
import type { ServerTls } from "./listener/sockets.js";
import { reasonOf } from "./log.js";

/** More than any chain needs: a device without an end must not be read for ever. */
const MAX_FILE_BYTES = 4 << 20;

/** Material that cannot be read or used. */
export class CredentialsError extends Error {}

/** An end's own certificate chain, PEM with the leaf first, and the leaf's private key, PEM PKCS#8. */
export interface Identity {
  readonly chainPem: Buffer;
  readonly keyPem: Buffer;
}

/**
 * TLS of a server: 1.2 or 1.3, and with client roots (PEM) also mutual TLS, which requires and verifies the
 * client's certificate. Throws CredentialsError.
 */
export function serverTls(identity: Identity, clientRootsPem: Buffer | undefined): ServerTls {
  const own = loaded(identity);
  return clientRootsPem === undefined
    ? { ...own, requestCert: false }
    : { ...own, ca: certificates(clientRootsPem, "client roots"), requestCert: true };
}

/**
 * Credentials of a client: it verifies the server against the roots (PEM; undefined stands for those that
 * Node.js brings) and offers its own identity, if any. Throws CredentialsError.
 */
export function clientCredentials(
  rootsPem: Buffer | undefined,
  identity: Identity | undefined,
): ChannelCredentials {
  return ChannelCredentials.createFromSecureContext(
    createSecureContext({
      minVersion: "TLSv1.2",
      ...(rootsPem === undefined ? {} : { ca: certificates(rootsPem, "roots") }),
      ...(identity === undefined ? {} : loaded(identity)),
    }),
    { checkServerIdentity: verifyName },
  );
}

/** By itself Node.js takes a subject's common name for a name where there are no alternative ones (RFC 9525). */
function verifyName(host: string, { raw }: { raw: Buffer }): Error | undefined {
  const leaf = new X509Certificate(raw);
  const found = isIP(host) === 0 ? leaf.checkHost(host, { subject: "never" }) : leaf.checkIP(host);
  return found === undefined ? new Error(`the server's certificate is not for ${host}`) : undefined;
}

/** The content of a file that must have some. Throws CredentialsError. */
export function readFile(path: string): Buffer {
  let content: Buffer;
  try {
    content = readBounded(path);
  } catch (error) {
    throw new CredentialsError(`${path}: ${reasonOf(error)}`);
  }
  if (content.length === 0) {
    throw new CredentialsError(`${path}: empty`);
  }
  return content;
}

/** The identity in two files. Throws CredentialsError. */
export function readIdentity(chainPath: string, keyPath: string): Identity {
  return { chainPem: readFile(chainPath), keyPem: readFile(keyPath) };
}

function readBounded(path: string): Buffer {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(MAX_FILE_BYTES);
    let size = 0;
    for (let read = -1; read !== 0; size += read) {
      read = readSync(file, buffer, size, buffer.length - size, null);
    }
    return buffer.subarray(0, size);
  } finally {
    closeSync(file);
  }
}

function loaded({ chainPem, keyPem }: Identity): { cert: string; key: Buffer } {
  const chain = certificates(chainPem, "identity");
  const key = privateKey(keyPem);
  if (!new X509Certificate(chain[0] ?? "").checkPrivateKey(key)) {
    throw new CredentialsError("identity: the key is not that of the certificate");
  }
  return { cert: chain.join("\n"), key: keyPem };
}

function privateKey(pem: Buffer): KeyObject {
  if (!pem.includes("-----BEGIN PRIVATE KEY-----")) {
    throw new CredentialsError("identity: the key is not a PEM PKCS#8 private key");
  }
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new CredentialsError(`identity: the key does not parse: ${reasonOf(error)}`);
  }
}

/** The certificates in PEM; stricter than OpenSSL, which passes over what it cannot parse. */
function certificates(pem: Buffer, what: string): string[] {
  const blocks = pem.toString("latin1").match(/-----BEGIN ([^-]*)-----[^-]*-----END \1-----/g) ?? [];
  if (blocks.length === 0) {
    throw new CredentialsError(`${what}: no PEM certificate`);
  }
  blocks.forEach((block, index) => {
    try {
      new X509Certificate(block);
    } catch (error) {
      throw new CredentialsError(`${what}: PEM block ${index + 1}: ${reasonOf(error)}`);
    }
  });
  return blocks;
}
