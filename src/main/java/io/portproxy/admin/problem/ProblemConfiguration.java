package io.portproxy.admin.problem;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Makes the web server answer with problem documents also where it consults no other code. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@Import({ProblemAdvice.class, ProblemPage.class, ProblemWriter.class, UnreadableParameters.class})
public class ProblemConfiguration {
    /** Adds the valve after Spring Boot's own, so that this one answers first. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> problemsOfTheWebServer(ProblemWriter problems) {
        return factory -> factory.addContextCustomizers(
                context -> context.getParent().getPipeline().addValve(new ProblemValve(problems)));
    }
}
