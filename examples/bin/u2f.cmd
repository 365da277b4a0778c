@echo off
rem Runs the u2f command from its checkout. The first use builds it, and lets Java store what it has loaded
rem (class-data sharing), so that later uses start at once. Needs Java 17 or later, by JAVA_HOME or PATH.
rem Changed sources are not noticed here: delete examples\target\u2f\built to build again.
setlocal disabledelayedexpansion
for %%I in ("%~dp0..\..") do set "ROOT=%%~fI"
set "OUT=%ROOT%\examples\target\u2f"
set "LIB=%OUT%\lib"

if defined JAVA_HOME goto home
set "JAVA="
for %%I in (java.exe) do set "JAVA=%%~$PATH:I"
if not defined JAVA (
  >&2 echo u2f: there is no java on the PATH; install a JDK 17 or later, or set JAVA_HOME
  exit /b 5
)
goto found
:home
set "JAVA=%JAVA_HOME%\bin\java.exe"
if not exist "%JAVA%" (
  >&2 echo u2f: there is no bin\java.exe in JAVA_HOME; set it to a JDK 17 or later
  exit /b 5
)
:found

rem What was prepared with this java, at this place, is used at once.
set "KNOWN="
if exist "%OUT%\java.txt" set /p KNOWN=<"%OUT%\java.txt"
if exist "%OUT%\built" if "%KNOWN%"=="%JAVA%" goto run

set "MAJOR="
set "ASKED=%TEMP%\u2f-java-%RANDOM%.txt"
"%JAVA%" -version >nul 2>"%ASKED%"
for /f "usebackq tokens=2,3" %%U in ("%ASKED%") do if "%%U"=="version" if not defined MAJOR set "MAJOR=%%~V"
del "%ASKED%"
for /f "delims=.-+" %%V in ("%MAJOR%") do set "MAJOR=%%V"
if not defined MAJOR set "MAJOR=0"
if %MAJOR% LSS 17 (
  >&2 echo u2f: this is Java %MAJOR%; u2f needs Java 17 or later: set JAVA_HOME to one
  exit /b 5
)

if not exist "%OUT%" mkdir "%OUT%" 2>nul
set "SAID="
:lock
rem Windows lets one process at a time write to the lock, and lets go of it when that process ends.
set "ENTERED="
8>&2 2>nul (9>"%OUT%\lock" (set "ENTERED=yes" & 2>&8 call :prepare))
if defined ENTERED goto prepared
if not exist "%OUT%\lock" (
  if exist "%OUT%\built" goto run
  >&2 echo u2f: not built yet, and "%OUT%" cannot be written; whoever may write there has to run u2f once
  exit /b 5
)
if not defined SAID >&2 echo u2f: waiting for a build in another window
set "SAID=yes"
ping -n 2 127.0.0.1 >nul
goto lock
:prepared
del "%OUT%\lock" 2>nul
if not exist "%OUT%\built" exit /b 5

:run
set "CP=%LIB%\u2f-examples.jar;%LIB%\u2f-core.jar;%LIB%\picocli.jar;%LIB%\jackson-core.jar;%LIB%\u2f-verifier.jar;%LIB%\u2f-examples-bouncycastle.jar;%LIB%\u2f-hid.jar;%LIB%\hid4java.jar;%LIB%\jna.jar;%LIB%\HikariCP.jar;%LIB%\slf4j-api.jar;%LIB%\slf4j-nop.jar;%LIB%\sqlite-jdbc.jar;%LIB%\postgresql.jar;%LIB%\java-otp.jar;%LIB%\qrcodegen.jar;%LIB%\jmustache.jar"
rem An archive that is named but not there would keep Java from its own one.
set ARCHIVE=
if exist "%OUT%\java.jsa" set ARCHIVE="-XX:SharedArchiveFile=%OUT%\java.jsa"
"%JAVA%" -XX:+IgnoreUnrecognizedVMOptions -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xshare:auto -Xlog:disable --enable-native-access=ALL-UNNAMED %ARCHIVE% -cp "%CP%" org.u2f4j.examples.U2f %*
exit /b %ERRORLEVEL%

:prepare
if exist "%OUT%\built" goto archive
>&2 echo u2f: building, on first use; it fetches some 250 MB, and takes minutes
if exist "%OUT%\java.txt" del "%OUT%\java.txt"
pushd "%ROOT%"
call mvnw.cmd -q -B -pl examples -am -Dmaven.test.skip=true package <nul 1>&2
set "BUILD=%ERRORLEVEL%"
popd
if not "%BUILD%"=="0" (
  >&2 echo u2f: the build failed; its messages are above
  exit /b 5
)
type nul >"%OUT%\built"
:archive
set "KNOWN="
if exist "%OUT%\java.txt" set /p KNOWN=<"%OUT%\java.txt"
if "%KNOWN%"=="%JAVA%" exit /b 0
>&2 echo u2f: preparing quick starts with Java %MAJOR%
set "CP=%LIB%\u2f-examples.jar;%LIB%\u2f-core.jar;%LIB%\picocli.jar;%LIB%\jackson-core.jar;%LIB%\u2f-verifier.jar;%LIB%\u2f-examples-bouncycastle.jar;%LIB%\u2f-hid.jar;%LIB%\hid4java.jar;%LIB%\jna.jar;%LIB%\HikariCP.jar;%LIB%\slf4j-api.jar;%LIB%\slf4j-nop.jar;%LIB%\sqlite-jdbc.jar;%LIB%\postgresql.jar;%LIB%\java-otp.jar;%LIB%\qrcodegen.jar;%LIB%\jmustache.jar"
set "FAST=-XX:+IgnoreUnrecognizedVMOptions -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xshare:auto -Xlog:disable --enable-native-access=ALL-UNNAMED"
"%JAVA%" %FAST% "-XX:DumpLoadedClassList=%OUT%\java.list" -cp "%CP%" org.u2f4j.examples.Training >nul 2>&1 <nul
"%JAVA%" %FAST% "-XX:SharedClassListFile=%OUT%\java.list" -Xshare:dump "-XX:SharedArchiveFile=%OUT%\java.new" -cp "%CP%" >nul 2>&1 <nul
rem A run in another window may have the old archive open: then it stays, and Java passes over it.
if exist "%OUT%\java.new" move /y "%OUT%\java.new" "%OUT%\java.jsa" >nul 2>&1
if exist "%OUT%\java.list" del "%OUT%\java.list"
>"%OUT%\java.txt" echo %JAVA%
exit /b 0
