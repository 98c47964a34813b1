import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { status as Code, type ServiceError } from "@grpc/grpc-js";
import {
  CredentialsError,
  clientCredentials,
  readFile,
  readIdentity,
  serverTls,
} from "../src/credentials.js";
import { ask, serve, stubsFor } from "./peers.js";
import { Authority, KEY_TYPES } from "./testcerts.js";

const authority = new Authority("p256");
const identity = authority.issue();

describe("a connection", () => {
  for (const keyType of KEY_TYPES) {
    it(`comes about with ${keyType} at both ends`, async (t: TestContext) => {
      const own = new Authority(keyType);
      const tls = serverTls(own.issue(), own.rootsPem);
      const { listener } = await serve(t, { tls, security: "mtls" });
      const { stock } = stubsFor(t, listener, {
        credentials: clientCredentials(own.rootsPem, own.issue()),
        serverName: "localhost",
      });
      const { metadata } = await ask(stock.inventory.bind(stock), {});
      assert.equal(metadata.security, "mtls");
    });
  }

  it("is verified against the address where there is no name", async (t: TestContext) => {
    const { listener } = await serve(t, { tls: serverTls(identity, undefined), security: "tls" });
    const { stock } = stubsFor(t, listener, {
      credentials: clientCredentials(authority.rootsPem, undefined),
    });
    await ask(stock.inventory.bind(stock), {});
  });

  const unavailable = (error: ServiceError): boolean => error.code === Code.UNAVAILABLE;
  it("fails with a server of other roots, or of another name", async (t: TestContext) => {
    const { listener } = await serve(t, { tls: serverTls(identity, undefined), security: "tls" });
    const roots = new Authority("p256").rootsPem;
    for (const endpoint of [
      { credentials: clientCredentials(roots, undefined), serverName: "localhost" },
      { credentials: clientCredentials(authority.rootsPem, undefined), serverName: "other.example" },
    ]) {
      const { stock } = stubsFor(t, listener, endpoint);
      await assert.rejects(ask(stock.inventory.bind(stock), {}), unavailable);
    }
  });

  it("fails with mTLS for a client without a certificate, or with another's", async (t: TestContext) => {
    const tls = serverTls(identity, authority.rootsPem);
    const { listener, log } = await serve(t, { tls, security: "mtls" });
    for (const own of [undefined, new Authority("p256").issue()]) {
      const { stock } = stubsFor(t, listener, {
        credentials: clientCredentials(authority.rootsPem, own),
        serverName: "localhost",
      });
      await assert.rejects(ask(stock.inventory.bind(stock), {}), unavailable);
    }
    assert.ok(log.length > 0 && log.every((line) => /^handshake failed with .+$/.test(line)), `${log}`);
  });
});

describe("material", () => {
  const other = authority.issue();
  const broken = Buffer.from(identity.chainPem.toString().replace(/\n[A-Za-z0-9+/]{8}/, "\nAAAAAAAA"));
  const refused: [string, () => unknown, RegExp][] = [
    [
      "of two identities",
      () => serverTls({ ...identity, keyPem: other.keyPem }, undefined),
      /not that of the cert/,
    ],
    [
      "without a key",
      () => serverTls({ ...identity, keyPem: Buffer.alloc(0) }, undefined),
      /not a PEM PKCS#8/,
    ],
    [
      "without a chain",
      () => serverTls({ ...identity, chainPem: Buffer.alloc(0) }, undefined),
      /no PEM certificate/,
    ],
    [
      "with a broken chain",
      () => serverTls({ ...identity, chainPem: broken }, undefined),
      /^identity: PEM block 1: /,
    ],
    [
      "without client roots",
      () => serverTls(identity, Buffer.alloc(0)),
      /^client roots: no PEM certificate$/,
    ],
    ["without roots", () => clientCredentials(Buffer.from("text"), undefined), /^roots: no PEM certificate$/],
    [
      "with one broken root of two",
      () => clientCredentials(Buffer.concat([authority.rootsPem, broken]), undefined),
      /^roots: PEM block 2: /,
    ],
  ];
  for (const [name, load, reason] of refused) {
    it(`${name} is refused`, () => {
      assert.throws(load, (error: unknown) => {
        assert.ok(error instanceof CredentialsError);
        assert.match(error.message, reason);
        return true;
      });
    });
  }

  it("of files is read, or named where it cannot be", (t: TestContext) => {
    const folder = mkdtempSync(join(tmpdir(), "credentials"));
    t.after(() => rmSync(folder, { recursive: true }));
    const path = (name: string): string => join(folder, name);
    writeFileSync(path("chain"), identity.chainPem);
    writeFileSync(path("key"), identity.keyPem);
    writeFileSync(path("empty"), "");
    assert.deepEqual(readIdentity(path("chain"), path("key")), identity);
    assert.throws(() => readFile(path("empty")), { message: `${path("empty")}: empty` });
    assert.throws(() => readFile(path("none")), /none: ENOENT/);
    assert.throws(() => readFile(folder), /EISDIR/);
  });
});
