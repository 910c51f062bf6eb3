package io.portproxy.config.check;

import io.portproxy.acme.AcmeSettings;
import io.portproxy.admin.events.EventSettings;
import io.portproxy.admin.security.AdminSettings;
import io.portproxy.client.ClientSettings;
import io.portproxy.config.bind.BindFailures;
import io.portproxy.config.definition.GatewayDefinitions;
import io.portproxy.config.problem.ConfigurationProblemsException;
import io.portproxy.config.problem.EnvironmentValues;
import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.problem.Remark;
import io.portproxy.config.process.LogQueue;
import io.portproxy.config.process.ProcessMemory;
import io.portproxy.config.properties.DemoProperties;
import io.portproxy.config.properties.GatewayProperties;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.properties.Roles;
import io.portproxy.config.properties.StoreMode;
import io.portproxy.config.properties.TrialProperties;
import io.portproxy.config.source.Launcher;
import io.portproxy.config.tls.AcmeDoor;
import io.portproxy.config.tls.TlsBundles;
import io.portproxy.config.tls.TlsCheck;
import io.portproxy.manage.PlannedGateway;
import io.portproxy.net.Sockets;
import io.portproxy.server.exposed.gateway.GatewaySettings;
import io.portproxy.store.StoreSettings;
import io.portproxy.usage.UsageSettings;
import io.portproxy.webhook.WebhookSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/** Checks the whole configuration: the bound properties, and other properties of the environment that matter to PortProxy. */
public final class ConfigurationCheck {
    private static final Place PLACE = Place.property(PortProxyProperties.PREFIX);
    private static final int MAX_WORKERS = 256;

    private ConfigurationCheck() {}

    /**
     * Checks everything and reports all problems at once. May block on name resolution. Does not check the properties of a role
     * that is not active, but unknown keys are an error everywhere.
     *
     * @param properties the bound properties
     * @param failures the errors of the binding
     * @param environment profiles, and where each value was written
     * @param bundles the SSL bundles; asked for only if a role names one
     * @param door where the process will find certificates by ACME
     * @throws ConfigurationProblemsException something is wrong
     */
    public static ProcessSettings run(
            PortProxyProperties properties,
            BindFailures failures,
            Environment environment,
            TlsBundles bundles,
            AcmeDoor door) {
        Roles roles = Roles.of(environment);
        Problems problems = new Problems(new EnvironmentValues(environment));
        failures.wrongValues().stream()
                .filter(problem -> roles.server() || !PLACE.key(Roles.SERVER).contains(problem.place()))
                .filter(problem -> roles.client() || !PLACE.key(Roles.CLIENT).contains(problem.place()))
                .forEach(problems::add);
        RangeCheck ranges = new RangeCheck(problems, PLACE);
        ranges.duration("shutdown-grace", properties.shutdownGrace(), Duration.ZERO);
        if (!properties.reloadInterval().isZero()) {
            ranges.duration("reload-interval", properties.reloadInterval());
        }
        ranges.number("log-queue", properties.logQueue(), LogQueue.LEAST, LogQueue.MOST);
        int workers = workers(properties, ranges);
        ProcessMemory memory = ProcessMemory.ofThisJvm();
        long bufferMemory = BufferMemory.check(ranges, properties.bufferMemory(), memory, workers);
        if (roles.demo()) {
            ranges.number("demo.http-port", properties.demo().httpPort(), 1, 65535);
        }
        if (roles.echo()) {
            ranges.number("demo.echo-port", properties.demo().echoPort(), 1, 65535);
        }
        if (roles.trial()) {
            trial(properties.trial(), problems, ranges);
        }
        AdminCheck admin = new AdminCheck(properties.admin(), problems);
        AdminSettings adminSettings = admin.run();
        EventSettings events = admin.events();
        TemporaryFolder.check(environment, problems);
        TlsCheck tls = new TlsCheck(bundles, door, problems);
        ListenAddresses addresses = new ListenAddresses(problems);
        claimOthers(roles, properties, environment, addresses);
        Optional<AcmeSettings> acme = new AcmeCheck(
                        properties.acme(),
                        Optional.of(properties.server()).filter(role -> roles.server()),
                        properties.data(),
                        environment,
                        tls,
                        problems)
                .run(addresses);
        Optional<CheckedServer> server = roles.server()
                ? new ServerCheck(properties.server(), tls, addresses, properties.store() != StoreMode.NONE, problems)
                        .run()
                : Optional.empty();
        Optional<ClientSettings> client = roles.client()
                ? new ClientCheck(properties.client(), properties.shutdownGrace(), tls, problems).run()
                : Optional.empty();
        Optional<StoreSettings> store =
                roles.server() ? new StoreCheck(environment, problems).run(properties) : Optional.empty();
        List<WebhookSettings> webhooks = new WebhookCheck(problems).run(properties.webhooks());
        UsageSettings usage = UsageCheck.run(properties.usage(), ranges);
        tls.checkTheOthers(environment);
        failures.withUnknownKeys(problems).throwIfAny();
        List<Remark> remarks = new ArrayList<>(tls.remarks(environment));
        remarks.addAll(FilePermissions.remarks(environment));
        memory.remark(bufferMemory, workers).ifPresent(remarks::add);
        return new ProcessSettings(
                workers,
                properties.shutdownGrace(),
                bufferMemory,
                adminSettings,
                events,
                server,
                client,
                store,
                acme,
                webhooks,
                usage,
                remarks,
                Launcher.isByOptions(environment));
    }

    /**
     * Returns the check of changes of gateways and remotes while the process runs.
     *
     * @param server what the server starts with
     * @param bundles the SSL bundles of the process
     * @param door where the process finds certificates by ACME
     */
    public static ChangeCheck ofChanges(
            PortProxyProperties properties,
            CheckedServer server,
            Environment environment,
            TlsBundles bundles,
            AcmeDoor door) {
        Roles roles = Roles.of(environment);
        return new ChangeCheck(
                addresses -> {
                    claimOthers(roles, properties, environment, addresses);
                    InetSocketAddress bind = server.settings().port().bind();
                    addresses.claim(CheckedServer.BIND, Sockets.text(bind), bind);
                },
                bundles,
                door,
                server.settings().port().tls(),
                properties.server().maxRange());
    }

    /**
     * Returns the gateways of a correct configuration, for a process that already runs and has its certificates.
     *
     * @param properties the properties, read while the process runs
     * @param environment the environment that they are from
     * @param started what the process started with
     * @param bundles the SSL bundles of the process
     * @param door where the process finds certificates by ACME
     * @throws ConfigurationProblemsException a gateway needs something that this process does not have
     */
    public static List<PlannedGateway> gateways(
            PortProxyProperties properties,
            Environment environment,
            CheckedServer started,
            TlsBundles bundles,
            AcmeDoor door) {
        Problems problems = new Problems(new EnvironmentValues(environment));
        List<GatewayProperties> gateways = properties.server().gateways();
        for (int i = 0; i < gateways.size(); i++) {
            needsRestart(
                    CheckedServer.GATEWAYS.entry(i).key("ssl"), gateways.get(i).ssl(), bundles, door, problems);
        }
        problems.throwIfAny();
        List<GatewaySettings> settings = new GatewayCheck(
                        new ListenAddresses(problems),
                        new TlsCheck(bundles, door, problems),
                        started.settings().port().tls(),
                        problems)
                .run(CheckedServer.GATEWAYS, gateways);
        problems.throwIfAny();
        return planned(gateways, settings, problems);
    }

    /** Returns the gateways of files. All of them must be right. */
    static List<PlannedGateway> planned(
            List<GatewayProperties> gateways, List<GatewaySettings> settings, Problems problems) {
        List<PlannedGateway> planned = new ArrayList<>();
        for (int i = 0; i < settings.size(); i++) {
            String origin =
                    problems.origin(CheckedServer.GATEWAYS.entry(i).key("name")).orElse("the configuration");
            planned.add(PlannedGateway.ofFile(GatewayDefinitions.of(gateways.get(i)), origin, settings.get(i)));
        }
        return planned;
    }

    private static void needsRestart(
            Place place, GatewayProperties.Ssl ssl, TlsBundles bundles, AcmeDoor door, Problems problems) {
        String fix = "restart the server to have it";
        if (ssl.acme() && door.certificates().isEmpty()) {
            problems.add(place.key("acme"), true, "asks for ACME, which this server has not started with", fix);
        }
        String one = ssl.bundle();
        if (one != null && !bundles.names().contains(one)) {
            problems.add(place.key("bundle"), one, "is an SSL bundle that this server has not started with", fix);
        }
        for (int i = 0; i < ssl.bundles().size(); i++) {
            String name = ssl.bundles().get(i);
            if (!bundles.names().contains(name)) {
                problems.add(
                        place.key("bundles").entry(i),
                        name,
                        "is an SSL bundle that this server has not started with",
                        fix);
            }
        }
    }

    /** Claims all addresses at which this process listens, except those of the server. */
    private static void claimOthers(
            Roles roles, PortProxyProperties properties, Environment environment, ListenAddresses addresses) {
        addresses.claimAdmin(environment);
        claimDemo(roles, properties.demo(), addresses);
    }

    private static void claimDemo(Roles roles, DemoProperties demo, ListenAddresses addresses) {
        if (roles.demo()) {
            claim("http-port", demo.httpPort(), addresses);
        }
        if (roles.echo()) {
            claim("echo-port", demo.echoPort(), addresses);
        }
    }

    private static void claim(String key, int port, ListenAddresses addresses) {
        if (port > 0 && port <= 65535) {
            addresses.claim(
                    PLACE.key("demo").key(key),
                    String.valueOf(port),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
    }

    private static void trial(TrialProperties trial, Problems problems, RangeCheck ranges) {
        Place place = PLACE.key("trial").key("through");
        String example = "proxy.example.org:6688";
        String fix = "write the exposed port's host:port, such as " + example;
        ranges.size("trial.bytes", trial.bytes(), DataSize.ofBytes(1), DataSize.ofGigabytes(1));
        ranges.duration("trial.within", trial.within());
        if (trial.through() == null) {
            problems.add(place, null, "is missing", fix);
            return;
        }
        try {
            HostPort through = HostPort.parse(trial.through(), example);
            if (through.host().isEmpty() || through.port() == 0) {
                problems.add(place, trial.through(), "has no " + (through.host().isEmpty() ? "host" : "port"), fix);
            }
        } catch (HostPort.InvalidAddressException e) {
            problems.add(place, trial.through(), e.reason(), e.fix());
        }
    }

    private static int workers(PortProxyProperties properties, RangeCheck ranges) {
        Integer workers = properties.workers();
        if (workers == null) {
            return Math.min(Runtime.getRuntime().availableProcessors(), MAX_WORKERS);
        }
        ranges.number("workers", workers, 1, MAX_WORKERS);
        return workers;
    }
}
