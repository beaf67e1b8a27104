#!/bin/sh
# Creates certificates, passwords and the files that contain them, next to this file. Run it once, as root:
# PostgreSQL refuses a key that others can read. It changes nothing that is there.
# Needs openssl and htpasswd (apt-get install openssl apache2-utils).
#
#     sh prepare.sh https://gongkai.example.org
#     sh prepare.sh --renew NAME      # a new key and certificate for one service
set -eu
umask 077
cd "$(dirname "$0")"

# The users of the images can read the keys: opensearch and seaweed are 1000, the group of postgres is 999.
issue() {
    folder=certificates/$1
    mkdir -p "$folder"
    openssl req -newkey rsa:3072 -nodes -sha256 -subj "/CN=$1" \
        -keyout "$folder/node.key" -out "$folder/node.csr" 2> /dev/null
    printf 'subjectAltName=DNS:%s,DNS:localhost\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth,clientAuth\n' \
        "$1" > "$folder/extensions"
    openssl x509 -req -sha256 -days 825 -in "$folder/node.csr" -CA certificates/ca.pem \
        -CAkey certificates/ca.key -CAcreateserial -extfile "$folder/extensions" \
        -out "$folder/node.pem" 2> /dev/null
    rm "$folder/node.csr" "$folder/extensions"
    cp certificates/ca.pem "$folder/ca.pem"
    chmod 755 "$folder"
    chmod 644 "$folder/node.pem" "$folder/ca.pem"
    if [ "$1" = postgres ]; then
        chgrp 999 "$folder/node.key"
        chmod 640 "$folder/node.key"
    else
        chown 1000 "$folder/node.key"
    fi
}

if [ "${1:-}" = --renew ]; then
    [ -d "certificates/${2:?the name of a service}" ] || { echo "there is no certificates/$2" >&2; exit 1; }
    issue "$2"
    echo "Renewed certificates/$2. Run docker compose restart $2."
    exit
fi

url=${1:?the public URL of the site}
command -v htpasswd > /dev/null || { echo "htpasswd is missing: apt-get install apache2-utils" >&2; exit 1; }
[ ! -e .env ] || { echo ".env is there: delete it, certificates/, s3.json and opensearch/internal_users.yml first" >&2; exit 1; }

secret() { openssl rand -hex 24; }
opensearch=$(secret) backup=$(secret) postgres=$(secret) objects=$(secret)

mkdir -p certificates snapshots
chown 1000 snapshots
openssl req -x509 -newkey rsa:3072 -nodes -sha256 -days 3650 -subj "/CN=gongkai ca" \
    -addext "basicConstraints=critical,CA:TRUE" -keyout certificates/ca.key -out certificates/ca.pem 2> /dev/null
for name in opensearch-1 opensearch-2 opensearch-3 opensearch-admin postgres objects; do
    issue "$name"
done
chmod 755 certificates
chmod 644 certificates/ca.pem

hash() { htpasswd -nbBC 12 "" "$1" | tr -d ':\n'; }
cat > opensearch/internal_users.yml << EOF
_meta: {type: internalusers, config_version: 2}
gongkai: {hash: "$(hash "$opensearch")"}
backup: {hash: "$(hash "$backup")"}
EOF
chown 1000 opensearch/internal_users.yml
cat > s3.json << EOF
{"identities": [
  {"name": "gongkai", "credentials": [{"accessKey": "gongkai", "secretKey": "$objects"}],
   "actions": ["Read:gongkai", "Write:gongkai", "List:gongkai"]}]}
EOF
chown 1000 s3.json
cat > .env << EOF
GONGKAI_PUBLIC_URL=$url
OPENSEARCH_PASSWORD=$opensearch
OPENSEARCH_BACKUP_PASSWORD=$backup
POSTGRES_PASSWORD=$postgres
OBJECTS_SECRET=$objects
EOF
echo "Created certificates/, snapshots/, .env, s3.json and opensearch/internal_users.yml. Keep certificates/ca.key and .env safe."
