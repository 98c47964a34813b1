// Mints identities for tests: X.509 by hand, as Node.js reads certificates but makes none.

import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { Identity } from "../src/credentials.js";

/** The types of keys that an authority may have. */
export const KEY_TYPES = ["rsa2048", "p256", "p384", "p521"] as const;
export type KeyType = (typeof KEY_TYPES)[number];

const CURVES = { p256: "P-256", p384: "P-384", p521: "P-521" };
const HOUR_MS = 3_600_000;

/** An identity that issues others, whose keys are of one type. */
export class Authority {
  readonly #keyType: KeyType;
  readonly #key: KeyObject;
  readonly rootsPem: Buffer;

  constructor(keyType: KeyType) {
    this.#keyType = keyType;
    this.#key = newKey(keyType);
    // Basic constraints: a CA.
    const extensions = [extension("551d13", sequence(tagged(0x01, Buffer.from([0xff]))))];
    this.rootsPem = pem("CERTIFICATE", this.#certificate("Stock test authority", this.#key, extensions));
  }

  /** The chain and the key of an end at localhost. */
  issue(): Identity {
    const key = newKey(this.#keyType);
    const names = sequence(
      tagged(0x82, Buffer.from("localhost")),
      tagged(0x87, Buffer.from([127, 0, 0, 1])),
      tagged(0x87, Buffer.concat([Buffer.alloc(15), Buffer.from([1])])),
    );
    return {
      chainPem: pem("CERTIFICATE", this.#certificate("Stock test end", key, [extension("551d11", names)])),
      keyPem: Buffer.from(key.export({ type: "pkcs8", format: "pem" })),
    };
  }

  #certificate(subject: string, key: KeyObject, extensions: Buffer[]): Buffer {
    const algorithm =
      this.#keyType === "rsa2048"
        ? sequence(tagged(0x06, hex("2a864886f70d01010b")), hex("0500"))
        : sequence(tagged(0x06, hex("2a8648ce3d040302")));
    const tbs = sequence(
      tagged(0xa0, tagged(0x02, Buffer.from([2]))),
      tagged(0x02, Buffer.from([subject.length])),
      algorithm,
      nameOf("Stock test authority"),
      sequence(time(-HOUR_MS), time(HOUR_MS)),
      nameOf(subject),
      createPublicKey(key).export({ type: "spki", format: "der" }),
      tagged(0xa3, sequence(...extensions)),
    );
    const signature = sign("sha256", tbs, this.#key);
    return sequence(tbs, algorithm, tagged(0x03, Buffer.concat([Buffer.alloc(1), signature])));
  }
}

function newKey(keyType: KeyType): KeyObject {
  return keyType === "rsa2048"
    ? generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey
    : generateKeyPairSync("ec", { namedCurve: CURVES[keyType] }).privateKey;
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const head =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function hex(text: string): Buffer {
  return Buffer.from(text, "hex");
}

function extension(oid: string, value: Buffer): Buffer {
  return sequence(tagged(0x06, hex(oid)), tagged(0x04, value));
}

function nameOf(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(tagged(0x06, hex("550403")), tagged(0x0c, Buffer.from(commonName)))));
}

function time(fromNowMs: number): Buffer {
  const digits = new Date(Date.now() + fromNowMs).toISOString().replace(/[-:T]|\.\d+/g, "");
  return tagged(0x18, Buffer.from(digits));
}

function pem(label: string, der: Buffer): Buffer {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return Buffer.from(`-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`);
}
