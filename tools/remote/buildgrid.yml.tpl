server:
  - !channel
    address: "127.0.0.1:{port}"
    insecure-mode: false
    credentials:
      tls-server-key: {folder}/server.key
      tls-server-cert: {folder}/server.pem
      tls-client-certs: {folder}/roots.pem
storages:
  - !lru-storage &storage
    size: 1G
caches:
  - !lru-action-cache &action-cache
    storage: *storage
    max-cached-refs: 4096
    allow-updates: true
    cache-failed-actions: false
instances:
  - name: ''
    services:
      - !action-cache
        cache: *action-cache
      - !cas
        storage: *storage
      - !bytestream
        storage: *storage
thread-pool-size: 16
