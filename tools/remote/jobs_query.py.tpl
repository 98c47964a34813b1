# What an executor has executed, a line of JSON for each: `python jobs_query FOLDER`, in BuildGrid's environment.
import json, sys
import psycopg2

QUERY = """
    SELECT DISTINCT ON (jobs.name)
        jobs.worker_name, jobs.n_tries, request_metadata.action_mnemonic, request_metadata.target_id,
        extract(epoch FROM execution_completed_timestamp - execution_start_timestamp)::float
    FROM jobs
    JOIN operations ON operations.job_name = jobs.name
    JOIN request_metadata ON request_metadata.id = operations.request_metadata_id
    WHERE jobs.stage = 4 AND jobs.result IS NOT NULL
"""

with psycopg2.connect(host=sys.argv[1], user="stock", dbname="postgres") as connection, connection.cursor() as cursor:
    cursor.execute(QUERY)
    for worker, tries, mnemonic, label, seconds in cursor.fetchall():
        job = {"label": label, "mnemonic": mnemonic, "seconds": seconds, "tries": tries, "worker": worker}
        print(json.dumps(job))
