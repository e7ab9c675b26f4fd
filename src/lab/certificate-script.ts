/**
 * Makes authorities and certificates in a mount namespace of its own, whose /tmp is memory: when it ends, by whatever
 * signal, no key is left. Orders come on standard input, a line each: `authority NAME`, or
 * `certificate NAME HOST ISSUER FROM TO` with times as YYYYMMDDHHMMSSZ. What is made goes to standard output: a line
 * `== certificate NAME` or `== key NAME`, and PEM.
 */
export const ISSUE_CERTIFICATES = `
set -eu
mount -t tmpfs -o mode=700,size=16m tmpfs /tmp
cd /tmp
: >issued
cat >openssl.cnf <<'END'
[ca]
default_ca = issued
[issued]
database = /tmp/issued
new_certs_dir = /tmp
rand_serial = yes
unique_subject = no
default_md = sha256
policy = subject
[subject]
commonName = supplied
[req]
distinguished_name = none
[none]
[authority]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
END
new_key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"; }
while read -r kind name host issuer from to; do
  echo "== certificate $name"
  new_key "$name"
  if [ "$kind" = authority ]; then
    openssl req -x509 -new -config openssl.cnf -extensions authority -key "$name.key" -subj "/CN=$name" -days 3650
  else
    openssl req -new -config openssl.cnf -key "$name.key" -subj "/CN=$host" -out request
    printf '%s\\n' basicConstraints=critical,CA:false "subjectAltName=DNS:$host" >extensions
    openssl ca -batch -notext -config openssl.cnf -cert "$issuer.crt" -keyfile "$issuer.key" -in request \\
      -extfile extensions -startdate "$from" -enddate "$to" -out "$name.crt" 2>said || { cat said >&2; exit 1; }
  fi >"$name.made"
  [ -s "$name.made" ] && mv "$name.made" "$name.crt"
  cat "$name.crt"
  [ "$kind" = authority ] || { echo "== key $name"; cat "$name.key"; }
done
`;
