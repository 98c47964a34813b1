# A remote cache: nginx, a folder, and who may do what. `{name}` is filled in by tools/remote/nginx.py.
#
# The folder has the layout of --disk_cache, so that Bazel can also use it as one where it stands.

daemon off;
{user}
worker_processes 2;
pid {state}/nginx.pid;
error_log {state}/error.log;

events {
    worker_connections 1024;
}

http {
    log_format counted "$request_method $status $request_length $bytes_sent";
    access_log /dev/stdout counted;

    client_body_temp_path {state}/incoming;
    proxy_temp_path {state}/unused;
    fastcgi_temp_path {state}/unused;
    uwsgi_temp_path {state}/unused;
    scgi_temp_path {state}/unused;

    # An artefact may be large, and Bazel keeps its connections between builds.
    client_max_body_size 0;
    keepalive_timeout 1h;
    keepalive_requests 10000000;
    sendfile on;
    tcp_nopush on;

    root {store};
    default_type application/octet-stream;

    # Who may write: nothing but additions, of names that are digests. A whole file appears at once.
    server {
        listen {writer};
        location ~ "^/(ac|cas)/[0-9a-f]{64}$" {
            rewrite "^/(ac|cas)/([0-9a-f]{2})([0-9a-f]{62})$" /$1/$2/$2$3 break;
            dav_methods PUT;
            create_full_put_path on;
            dav_access user:rw group:r;
            limit_except GET PUT { deny all; }
        }
        location / { return 404; }
    }

    # Everybody else: reading, on an address of its own.
    server {
        listen {reader};
        location ~ "^/(ac|cas)/[0-9a-f]{64}$" {
            limit_except GET { deny all; }
            rewrite "^/(ac|cas)/([0-9a-f]{2})([0-9a-f]{62})$" /$1/$2/$2$3 break;
        }
        location / { return 404; }
    }
}
