#!/bin/sh
# Creates certificates, passwords and the files that contain them, next to this file. Run it once, as root:
# PostgreSQL refuses a key that others can read. It changes nothing that is there.
# Needs openssl and htpasswd (apt-get install openssl apache2-utils).
#
#     sh prepare.sh https://gongkai.example.org
set -eu
umask 077
cd "$(dirname "$0")"
url=${1:?the public URL of the site}
command -v htpasswd > /dev/null || { echo "htpasswd is missing: apt-get install apache2-utils" >&2; exit 1; }
[ ! -e .env ] || { echo ".env is there: delete it, certificates/, s3.json and opensearch/internal_users.yml first" >&2; exit 1; }

secret() { openssl rand -hex 24; }
opensearch=$(secret) backup=$(secret) postgres=$(secret) objects=$(secret)

mkdir -p certificates snapshots
openssl req -x509 -newkey rsa:3072 -nodes -sha256 -days 3650 -subj "/CN=gongkai ca" \
    -addext "basicConstraints=critical,CA:TRUE" -keyout certificates/ca.key -out certificates/ca.pem 2> /dev/null
for name in opensearch-1 opensearch-2 opensearch-3 opensearch-admin postgres objects; do
    mkdir -p "certificates/$name"
    openssl req -newkey rsa:3072 -nodes -sha256 -subj "/CN=$name" \
        -keyout "certificates/$name/node.key" -out "certificates/$name/node.csr" 2> /dev/null
    printf 'subjectAltName=DNS:%s,DNS:localhost\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth,clientAuth\n' \
        "$name" > "certificates/$name/extensions"
    openssl x509 -req -sha256 -days 825 -in "certificates/$name/node.csr" -CA certificates/ca.pem \
        -CAkey certificates/ca.key -CAcreateserial -extfile "certificates/$name/extensions" \
        -out "certificates/$name/node.pem" 2> /dev/null
    rm "certificates/$name/node.csr" "certificates/$name/extensions"
    cp certificates/ca.pem "certificates/$name/ca.pem"
    chmod 755 "certificates/$name"
    chmod 644 "certificates/$name/node.pem" "certificates/$name/ca.pem"
done
chmod 755 certificates
chmod 644 certificates/ca.pem
# The users of the images: opensearch and seaweed are 1000; the group of postgres is 999.
chown 1000 certificates/opensearch-*/node.key certificates/objects/node.key snapshots
chgrp 999 certificates/postgres/node.key
chmod 640 certificates/postgres/node.key

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
echo "Created certificates/, .env, s3.json and opensearch/internal_users.yml. Keep certificates/ca.key and .env safe."
