# BuildGrid as an executor: what is to be executed, and what came of it.
server:
  - !channel
    address: "127.0.0.1:{port}"
    insecure-mode: true
connections:
  - !sql-connection &sql
    connection-string: {database}
    pool-size: 20
    max-overflow: 40
storages:
  - !disk-storage &storage
    path: {folder}/store
caches:
  - !lru-action-cache &action-cache
    storage: *storage
    max-cached-refs: 65536
    allow-updates: true
    cache-failed-actions: false
schedulers:
  - !sql-scheduler &scheduler
    sql: *sql
    storage: *storage
    action-cache: *action-cache
    poll-interval: 0.1
    bot-poll-interval: 0.1
    # A worker says every 15 seconds that it is there; of one that is gone this is how long its action waits.
    bot-session-keepalive-timeout: 60
    session-expiry-timer-interval: 5
    max-job-attempts: 5
    # Without one, jobs stay queued for ever.
    assigners:
      - !priority-age-assigner
        count: 1
        interval: 0.1
    property-set: !dynamic-property-set
      match-property-keys: [OSFamily]
      wildcard-property-keys: [chrootRootDigest]
instances:
  - name: ''
    services:
      - !action-cache
        cache: *action-cache
      - !cas
        storage: *storage
      - !bytestream
        storage: *storage
      - !execution
        scheduler: *scheduler
# Each is also a call that may be open: Bazel has a hundred a connection, each worker a few.
thread-pool-size: 300
