# Waits until a worker runs a test, and tells which: `python executing FOLDER LABEL SECONDS`. Fails where it takes too
# long.
import select, sys, time
import psycopg2

folder, label, seconds = sys.argv[1:]
QUERY = """
    SELECT jobs.worker_name
    FROM jobs
    JOIN operations ON operations.job_name = jobs.name
    JOIN request_metadata ON request_metadata.id = operations.request_metadata_id
    WHERE jobs.stage = 3 AND request_metadata.target_id = %s AND request_metadata.action_mnemonic = 'TestRunner'
"""
end = time.monotonic() + float(seconds)
connection = psycopg2.connect(host=folder, user="stock", dbname="postgres")
connection.autocommit = True
cursor = connection.cursor()
# BuildGrid tells its own threads of every change that way.
cursor.execute("LISTEN job_updated")
while True:
    cursor.execute(QUERY, (label,))
    found = cursor.fetchone()
    if found:
        print(found[0])
        break
    left = end - time.monotonic()
    if left <= 0:
        sys.exit(f"nobody runs {label}")
    select.select([connection], [], [], left)
    connection.poll()
    connection.notifies.clear()
