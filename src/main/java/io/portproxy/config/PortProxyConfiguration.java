package io.portproxy.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.portproxy.admin.api.EffectiveConfiguration;
import io.portproxy.admin.api.StartFacts;
import io.portproxy.admin.events.EventRing;
import io.portproxy.admin.events.EventSettings;
import io.portproxy.admin.manage.ChangeLog;
import io.portproxy.admin.security.AdminSettings;
import io.portproxy.admin.security.Rights;
import io.portproxy.client.ExposeListener;
import io.portproxy.client.ProxyClient;
import io.portproxy.config.check.ConfigurationCheck;
import io.portproxy.config.check.ProcessSettings;
import io.portproxy.config.process.BrokenProcess;
import io.portproxy.config.process.LogQueue;
import io.portproxy.config.process.SighupHandler;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.properties.Roles;
import io.portproxy.config.tls.AcmeDoor;
import io.portproxy.config.tls.CertificateDates;
import io.portproxy.config.tls.CertificateWatch;
import io.portproxy.config.tls.TlsBundles;
import io.portproxy.manage.AccountManager;
import io.portproxy.manage.AccountStore;
import io.portproxy.manage.DesiredState;
import io.portproxy.manage.RemoteManager;
import io.portproxy.manage.RemoteStore;
import io.portproxy.manage.Upkeep;
import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.MemoryBudget;
import io.portproxy.net.tls.NativeCipher;
import io.portproxy.net.tls.TlsResources;
import io.portproxy.server.ProxyServer;
import io.portproxy.tunnel.telemetry.EventSink;
import io.portproxy.webhook.Webhooks;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/** The beans of the roles. Spring creates the beans of {@link PropertiesConfiguration} before all others. */
@Configuration(proxyBeanMethods = false)
@Import({AcmeConfiguration.class, MonitoringConfiguration.class, PropertiesConfiguration.class, StoreConfiguration.class
})
public class PortProxyConfiguration {

    @Bean
    AdminSettings adminSettings(ProcessSettings configuration) {
        return configuration.admin();
    }

    @Bean
    EventSettings eventSettings(ProcessSettings configuration) {
        return configuration.events();
    }

    @Bean
    EffectiveConfiguration effectiveConfiguration(
            PortProxyProperties properties, ProcessSettings configuration, Environment environment) {
        return ConfigurationText.of(properties, Roles.of(environment));
    }

    @Bean
    StartFacts startFacts(ProcessSettings configuration) {
        return StartReport.facts(configuration);
    }

    /**
     * Spring creates the web server before all other beans. The parameter of this method makes Spring check the configuration
     * first.
     */
    @Bean
    @ConditionalOnWebApplication
    WebServerFactoryCustomizer<ConfigurableWebServerFactory> checkBeforeTheWebServer(ProcessSettings configuration) {
        return factory -> {};
    }

    /**
     * Returns the threads for TLS. Handshakes may use half of the processors, so that many handshakes at once leave the loops the
     * rest.
     */
    @Bean
    TlsResources tlsResources(PortProxyProperties properties, ProcessSettings configuration, TlsBundles bundles) {
        if (properties.nativeCipher() && (configuration.hasTls() || mayGetTls(configuration, bundles))) {
            NativeCipher.install();
        }
        return new TlsResources(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    /** Returns whether the process can get TLS later: the gateways of a server may get it while the server runs. */
    private static boolean mayGetTls(ProcessSettings configuration, TlsBundles bundles) {
        return configuration.server().isPresent()
                && (configuration.acme().isPresent() || !bundles.names().isEmpty());
    }

    @Bean
    FileGateways fileGateways(TlsBundles bundles, AcmeDoor door, ProcessSettings checked) {
        return new FileGateways(bundles, door, checked.acme());
    }

    @Bean
    Reload reload(
            ConfigurableEnvironment environment,
            Optional<DesiredState> desired,
            ProcessSettings checked,
            FileGateways gateways,
            PortProxyProperties properties,
            MeterRegistry meters) {
        return new Reload(environment, desired, checked.server(), gateways, properties.reloadInterval(), meters);
    }

    /** Spring closes it with the context. */
    @Bean
    SighupHandler hangUp(Reload reload) {
        return SighupHandler.hear(reload::request);
    }

    @Bean
    CertificateWatch certificateWatch(SslBundles bundles, Environment environment) {
        return new CertificateWatch(bundles, CertificateDates.soon(environment));
    }

    @Bean
    MemoryBudget memoryBudget(ProcessSettings configuration) {
        return new MemoryBudget(configuration.bufferMemory());
    }

    /**
     * Half of the budget is for data that waits for slow readers. The other half is for data that leaves through tunnels, and for
     * TLS.
     */
    @Bean
    MemoryCeiling memoryCeiling(MemoryBudget budget) {
        return new MemoryCeiling(budget.limit() / 2);
    }

    // RuntimeLifecycle closes the loops, because it knows when the last stream has ended.
    @Bean(destroyMethod = "")
    EventLoopGroup eventLoops(ProcessSettings configuration, MemoryBudget budget) {
        return new EventLoopGroup("loop-", configuration.workers(), budget);
    }

    @Bean
    LogQueue logQueue(PortProxyProperties properties, ProcessSettings checked) {
        return new LogQueue(properties.logQueue());
    }

    @Bean
    EventRing eventRing(EventSettings settings) {
        return new EventRing(settings.kept());
    }

    /** Spring closes them with the context. */
    @Bean
    Webhooks webhooks(ProcessSettings configuration) {
        return new Webhooks(configuration.webhooks());
    }

    @Bean
    @Profile(Roles.SERVER)
    ProxyServer proxyServer(
            ProcessSettings configuration,
            EventLoopGroup loops,
            TlsResources tls,
            MemoryCeiling memory,
            List<EventSink> events) {
        return new ProxyServer(
                configuration.server().orElseThrow().settings(), loops, tls, memory, EventSink.all(events));
    }

    /** The desired state of the server: what files declare, and what the store contains. */
    @Bean
    @Profile(Roles.SERVER)
    DesiredState desiredState(
            ProxyServer server,
            RemoteStore store,
            List<EventSink> events,
            ProcessSettings configuration,
            PortProxyProperties properties,
            Environment environment,
            TlsBundles bundles,
            AcmeDoor door) {
        DesiredState state = new DesiredState(
                server,
                store,
                ConfigurationCheck.ofChanges(
                        properties, configuration.server().orElseThrow(), environment, bundles, door),
                EventSink.all(events),
                properties.server().drain(),
                Clock.systemUTC());
        state.whenKeptLate(ChangeLog::changedLate);
        return state;
    }

    /** Spring closes it with the context. */
    @Bean
    @Profile(Roles.SERVER)
    Upkeep upkeep(DesiredState state, AccountManager accounts) {
        return Upkeep.of(state, accounts);
    }

    @Bean
    @Profile(Roles.SERVER)
    RemoteManager remoteManager(DesiredState state) {
        return new RemoteManager(state, Clock.systemUTC());
    }

    @Bean
    @Profile(Roles.SERVER)
    AccountManager accountManager(AccountStore store, AdminSettings settings) {
        return new AccountManager(
                store,
                settings.users().stream()
                        .map(user -> user.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet()),
                settings.users().stream().anyMatch(user -> user.rights() == Rights.ADMIN));
    }

    @Bean
    @Profile(Roles.CLIENT)
    ProxyClient proxyClient(
            ProcessSettings configuration,
            EventLoopGroup loops,
            TlsResources tls,
            MemoryCeiling memory,
            List<EventSink> events,
            Optional<ExposeListener> exposeListener) {
        return new ProxyClient(
                configuration.client().orElseThrow(),
                loops,
                tls,
                memory,
                EventSink.all(events),
                exposeListener.orElse(ExposeListener.NONE));
    }

    @Bean
    RuntimeLifecycle runtimeLifecycle(
            ProcessSettings configuration,
            EventLoopGroup loops,
            Optional<ProxyServer> server,
            Optional<DesiredState> desired,
            Optional<ProxyClient> client,
            ConfigurableApplicationContext context) {
        return new RuntimeLifecycle(
                configuration,
                loops,
                new BrokenProcess(context, System::exit),
                server,
                desired,
                client,
                context.getEnvironment());
    }

    @Bean
    Drain drain(RuntimeLifecycle roles) {
        return new Drain(roles);
    }
}
