package io.portproxy.config;

import io.portproxy.config.check.ProcessSettings;
import io.portproxy.config.check.StoreCheck;
import io.portproxy.config.problem.ConfigurationProblemsException;
import io.portproxy.config.problem.EnvironmentValues;
import io.portproxy.config.problem.Problem;
import io.portproxy.config.properties.Roles;
import io.portproxy.manage.RemoteStore;
import io.portproxy.manage.Store;
import io.portproxy.metrics.StoreHealth;
import io.portproxy.metrics.StoreMeters;
import io.portproxy.metrics.UsageMeters;
import io.portproxy.server.ProxyServer;
import io.portproxy.store.CannotOpenException;
import io.portproxy.store.JdbcRemoteStore;
import io.portproxy.store.StoreSettings;
import io.portproxy.usage.Usage;
import java.time.Clock;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;

/** The beans of the store in which the server keeps remotes, and of its monitoring. */
@Configuration(proxyBeanMethods = false)
@Profile(Roles.SERVER)
class StoreConfiguration {

    /** Opens the store. Spring closes it with the context. */
    @Bean
    Store keptStore(ProcessSettings configuration, Environment environment) {
        StoreSettings settings = configuration.store().orElseThrow();
        try {
            return JdbcRemoteStore.start(settings);
        } catch (CannotOpenException e) {
            throw new ConfigurationProblemsException(List.of(problem(environment, settings, e)));
        }
    }

    private static Problem problem(Environment environment, StoreSettings settings, CannotOpenException e) {
        boolean isDatabase = settings.database().isPresent() && e.kind() != CannotOpenException.Cause.FOLDER;
        Problem problem = isDatabase
                ? StoreCheck.problem(environment, settings.database().get().where(), e.reason(), e.fix())
                : Problem.of(
                        new EnvironmentValues(environment), StoreCheck.DATA, settings.folder(), e.reason(), e.fix());
        return e.mayPass() ? problem.passing() : problem;
    }

    /** Counts usage. Spring closes it before the store, so that it can still keep the last usage. */
    @Bean(initMethod = "start")
    Usage usage(Store store, ProxyServer server, ProcessSettings configuration) {
        return new Usage(configuration.usage(), store.usage(), server, Clock.systemUTC());
    }

    @Bean
    UsageMeters usageMeters(Usage usage) {
        return new UsageMeters(usage);
    }

    /** The name of the bean is also the name of the health indicator. */
    @Bean
    StoreHealth store(RemoteStore store) {
        return new StoreHealth(store);
    }

    @Bean
    StoreMeters storeMeters(RemoteStore store) {
        return new StoreMeters(store);
    }
}
