package io.portproxy.config;

import io.portproxy.config.bind.BindFailures;
import io.portproxy.config.check.ConfigurationCheck;
import io.portproxy.config.check.ProcessSettings;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.tls.AcmeBundles;
import io.portproxy.config.tls.AcmeDoor;
import io.portproxy.config.tls.TlsBundles;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Binds the properties and checks them. Needs no other beans of the application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PortProxyProperties.class)
class PropertiesConfiguration {

    // Static, because Spring binds properties before the other beans of a configuration exist.
    @Bean
    static BindFailures bindFailures(Environment environment) {
        return new BindFailures(environment);
    }

    @Bean
    AcmeDoor acmeDoor() {
        return new AcmeDoor();
    }

    @Bean
    TlsBundles tlsBundles(ObjectProvider<SslBundles> bundles) {
        return new TlsBundles(bundles::getObject);
    }

    /** Registers the bundles of ACME certificates. Spring Boot calls it when it creates its bundles. */
    @Bean
    SslBundleRegistrar acmeBundles(PortProxyProperties properties, Environment environment) {
        return registry -> AcmeBundles.register(properties.acme(), properties.data(), environment, registry);
    }

    @Bean
    ProcessSettings processSettings(
            PortProxyProperties properties,
            BindFailures failures,
            Environment environment,
            TlsBundles bundles,
            AcmeDoor door) {
        return ConfigurationCheck.run(properties, failures, environment, bundles, door);
    }
}
