package io.portproxy;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;

/** Starts PortProxy in the roles that the active profiles name. */
@SpringBootApplication(exclude = UserDetailsServiceAutoConfiguration.class) // admin has users of its own
public class PortProxyApplication {

    /**
     * Starts the application on the calling thread.
     *
     * @param args Spring Boot's command line, such as {@code --spring.profiles.active=server}
     */
    public static void main(String[] args) {
        SpringApplication.run(PortProxyApplication.class, args);
    }
}
