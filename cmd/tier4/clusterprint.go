package main

// How workers are started where people have many machines. What is between braces is filled in.

const slurmText = `#!/bin/bash
# Workers of a tier4 cluster on Slurm: ` + "`sbatch tier4.sbatch`" + `; stop them with ` + "`scancel --name tier4`" + `.
# The cluster itself runs where all nodes reach it:
#   tier4 cluster --listen 0.0.0.0:4222 --token-file token.txt --tls-cert cert.pem --tls-key key.pem
# and these say where that is. The file of the token must be readable to you alone.
#SBATCH --job-name=tier4
#SBATCH --array=1-16
#SBATCH --cpus-per-task=4
#SBATCH --time=12:00:00
#SBATCH --output=tier4-%A-%a.log
set -eu
: "${TIER4_CLUSTER:=nats://127.0.0.1:4222}"
: "${TIER4_PROGRAM:={program}}"
more=()
if [ -n "${TIER4_TOKEN_FILE:-}" ]; then more+=(--token-file "$TIER4_TOKEN_FILE"); fi
if [ -n "${TIER4_CA:-}" ]; then more+=(--ca "$TIER4_CA"); fi
exec "$TIER4_PROGRAM" worker --join "$TIER4_CLUSTER" --workers "${SLURM_CPUS_PER_TASK:-1}" ${more[@]+"${more[@]}"}
`

const kubernetesText = `# A tier4 cluster on Kubernetes (version {version}): put the program into an image of your own, name it below, and
#   kubectl create secret generic tier4-token --from-literal=token="$(openssl rand -hex 24)"
#   kubectl create secret tls tier4-tls --cert=cert.pem --key=key.pem    # for the name tier4-cluster
#   kubectl apply -f tier4.yaml
# The Deployment is the cluster's server; the indexed Job is its workers, each of which ends when it is deleted.
apiVersion: v1
kind: Service
metadata:
  name: tier4-cluster
spec:
  selector:
    app: tier4-cluster
  ports:
    - name: nats
      port: 4222
      targetPort: 4222
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: tier4-cluster
spec:
  accessModes:
    - ReadWriteOnce
  resources:
    requests:
      storage: 20Gi
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: tier4-cluster
spec:
  replicas: 1
  strategy:
    type: Recreate
  selector:
    matchLabels:
      app: tier4-cluster
  template:
    metadata:
      labels:
        app: tier4-cluster
    spec:
      containers:
        - name: cluster
          image: registry.example/tier4:{version}
          command: ["tier4", "cluster", "--listen", "0.0.0.0:4222", "--store", "/store", "--token-file", "/token/token", "--tls-cert", "/tls/tls.crt", "--tls-key", "/tls/tls.key", "--ca", "/tls/tls.crt"]
          ports:
            - containerPort: 4222
          resources:
            requests:
              cpu: "1"
              memory: 1Gi
          volumeMounts:
            - {name: store, mountPath: /store}
            - {name: token, mountPath: /token, readOnly: true}
            - {name: tls, mountPath: /tls, readOnly: true}
      volumes:
        - name: store
          persistentVolumeClaim:
            claimName: tier4-cluster
        - name: token
          secret:
            secretName: tier4-token
        - name: tls
          secret:
            secretName: tier4-tls
---
apiVersion: batch/v1
kind: Job
metadata:
  name: tier4-workers
spec:
  completionMode: Indexed
  completions: 16
  parallelism: 16
  backoffLimit: 100
  template:
    spec:
      restartPolicy: OnFailure
      containers:
        - name: worker
          image: registry.example/tier4:{version}
          command: ["tier4", "worker", "--join", "tls://tier4-cluster:4222", "--token-file", "/token/token", "--ca", "/tls/tls.crt", "--workers", "2"]
          resources:
            requests:
              cpu: "2"
              memory: 512Mi
          volumeMounts:
            - {name: token, mountPath: /token, readOnly: true}
            - {name: tls, mountPath: /tls, readOnly: true}
      volumes:
        - name: token
          secret:
            secretName: tier4-token
        - name: tls
          secret:
            secretName: tier4-tls
`
